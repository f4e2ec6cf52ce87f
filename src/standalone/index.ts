/**
 * A page of its own that shows the profile in it, with the same views: no JupyterLab, no server, no network.
 */
import '../../style/report.css';
import '../../style/base.css';
import '../../style/views.css';
import {
  DEFAULT_VIEW_STATE,
  draw,
  readViewState,
  type IDrawn,
  type IHost
} from '../views';
import { DATA_ID } from '../views/save';
import { trans } from './english';

async function show(): Promise<void> {
  const data = document.getElementById(DATA_ID);
  const place = document.querySelector<HTMLElement>('.jp-Profiler');
  if (!place) {
    return;
  }
  const host: IHost = {
    state: readViewState(
      { ...DEFAULT_VIEW_STATE, view: data?.dataset.view },
      DEFAULT_VIEW_STATE
    ),
    remember: () => undefined,
    hidden: [],
    // There is nothing to open here: the text as it ran is shown instead.
    open: () => Promise.resolve(false)
  };
  let payload: unknown;
  try {
    payload = JSON.parse(data?.textContent ?? '');
  } catch {
    payload = undefined;
  }
  const drawn: IDrawn = await draw(
    payload,
    { trans, locale: navigator.language.replace('-', '_') },
    (_, { label }) => {
      document.title = label || document.title;
      return host;
    }
  );
  place.replaceChildren(drawn.node);
  place.dataset.state = drawn.state;
  drawn.layout();
  window.addEventListener('resize', () => drawn.layout());
}

void show();
