import { button, element } from '../dom';
import type { IContext } from '../context';
import type { Result } from '../result';
import { SUPPRESS } from '../plainKeys';
import { fileName, saveBlob } from '../saveFile';
import { saveFormats, type ISaveFormat } from './formats';

/** What names of profile files end with: not said twice where a profile was opened from one. */
const ENDINGS =
  /(?:\.(?:prof|pstats|lprof|speedscope|json|collapsed|folded|pb|gz|bz2|csv))+$/i;

/**
 * Let the reader choose what a result is saved as. The dialog is gone when that is done, or left by Escape.
 *
 * @param place - gets the dialog, and the focus back
 * @param template - as for `saveFormats`
 */
export function saveAs(
  place: HTMLElement,
  result: Result,
  context: IContext,
  template?: (charts: boolean) => Promise<string>
): void {
  const { trans } = context;
  const { steps } = result.state;
  const name = fileName(result.profile.meta.label.replace(ENDINGS, ''));
  const status = element('p', { attributes: { role: 'status' } });
  const close = () => dialog.close();
  const save = async (format: ISaveFormat) => {
    status.textContent = trans.__('Writing…');
    // So that it is seen where writing takes long.
    await new Promise(done => setTimeout(done));
    try {
      const data = await format.write();
      saveBlob(
        new Blob([data as BlobPart], { type: format.type }),
        `${name}${format.ending}`
      );
      close();
    } catch (error) {
      status.textContent = (error as Error).message;
    }
  };
  const dialog = element(
    'dialog',
    {
      className: 'jp-Profiler-save',
      attributes: { 'aria-label': trans.__('Save the profile as') }
    },
    [
      element('p', {}, [
        element('strong', { text: trans.__('Save the profile as') })
      ]),
      ...(Array.isArray(steps) && steps.length > 0
        ? [
            element('p', {
              text: trans.__(
                'It is saved as it is shown, with the changes that were chosen.'
              )
            })
          ]
        : []),
      element(
        'ul',
        {},
        saveFormats(result, context, template).map(format => {
          const choice = button(format.label, () => void save(format));
          choice.disabled = format.refusal !== null;
          return element('li', {}, [
            choice,
            element('span', { text: format.ending }),
            element('span', {
              className: 'jp-Profiler-about',
              text: format.refusal ?? format.about
            })
          ]);
        })
      ),
      element('div', { className: 'jp-Profiler-bar' }, [
        status,
        button(trans.__('Cancel'), close)
      ])
    ]
  );
  // JupyterLab's own keys wait until the question is answered.
  for (const node of [dialog, ...dialog.querySelectorAll('button')]) {
    node.setAttribute(SUPPRESS, '');
  }
  dialog.addEventListener('close', () => dialog.remove());
  place.append(dialog);
  dialog.showModal();
}
