import { NumberFormat } from '../profile/format';
import { decode, WireError } from '../wire';
import type { ILanguage } from './context';
import { element } from './dom';
import { viewKey } from '../profile/keys';
import { ProfileView, type IHost } from './profileView';

/** Something drawn for a payload: a profile, or the sentence that tells why there is none. */
export interface IDrawn {
  readonly node: HTMLElement;
  readonly state: 'ready' | 'error';
  /** Fit to the size that the node has now. */
  layout(): void;
  /** The reader's settings hide other functions now. */
  hide(patterns: readonly string[]): void;
  /** Release listeners. */
  dispose(): void;
}

/**
 * Draw a payload, whatever it is. Never rejects.
 *
 * @param hostOf - what the place that it is shown in has for a profile, by the key of its view state
 */
export async function draw(
  payload: unknown,
  { trans, locale }: ILanguage,
  hostOf: (key: string) => IHost
): Promise<IDrawn> {
  try {
    const profile = await decode(payload);
    return new ProfileView(
      profile,
      { trans, numbers: new NumberFormat(locale) },
      hostOf(viewKey(profile))
    );
  } catch (reason) {
    return refusal(reason, trans);
  }
}

function refusal(reason: unknown, trans: ILanguage['trans']): IDrawn {
  const node = element('div', {
    className: 'jp-Profiler-refusal',
    attributes: { role: 'alert' }
  });
  if (reason instanceof WireError) {
    const sentence =
      reason.code === 'newer'
        ? trans.__(
            'This profile was written by a newer version of jupyterlab-profiler. Update jupyterlab-profiler to see it.'
          )
        : reason.code === 'limit'
          ? trans.__('This profile is too large to be shown.')
          : trans.__('This profile is damaged and cannot be shown.');
    node.append(
      element('p', { text: sentence }),
      element('p', {
        className: 'jp-Profiler-reason',
        text: reason.message
      })
    );
  } else {
    // A mistake of ours. The console gets the rest of it.
    console.error(reason);
    node.append(
      element('p', {
        text: trans.__('This profile cannot be shown: %1', String(reason))
      })
    );
  }
  return {
    node,
    state: 'error',
    layout: () => undefined,
    hide: () => undefined,
    dispose: () => undefined
  };
}
