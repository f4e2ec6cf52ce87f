import { NumberFormat } from '../profile/format';
import { viewKey } from '../profile/keys';
import type { IMeta, IProfile } from '../profile/model';
import { decode } from '../wire/decode';
import { notLoaded, type IContext, type ILanguage } from './context';
import { element } from './dom';
import { loadLater } from './loadLater';
import { ProfileView, type IHost } from './profileView';

/** Something drawn for a payload: a profile, or the sentence that tells why there is none. */
export interface IDrawn {
  readonly node: HTMLElement;
  readonly state: 'ready' | 'error';
  /** What is shown; undefined where it is a sentence. */
  readonly profile?: IProfile;
  /** Fit to the size that the node has now. */
  layout(): void;
  /**
   * Go to a line of a file, where the profile has lines.
   *
   * @returns whether it has this one
   */
  showLine(path: string, line: number): boolean;
  /** The reader's settings hide other functions now. */
  hide(patterns: readonly string[]): void;
  /** Release listeners. */
  dispose(): void;
}

/**
 * Draw a payload, whatever it is. Never rejects.
 */
export function draw(
  payload: unknown,
  language: ILanguage,
  hostOf: (key: string, meta: IMeta) => IHost
): Promise<IDrawn> {
  return drawProfile(decode(payload), language, hostOf);
}

/**
 * Draw a profile, or why there is none. Never rejects.
 *
 * @param hostOf - what the place that it is shown in has for a profile, by the key of its view state, and what it tells of
 * itself
 */
export async function drawProfile(
  loading: Promise<IProfile>,
  { trans, locale }: ILanguage,
  hostOf: (key: string, meta: IMeta) => IHost
): Promise<IDrawn> {
  const context = { trans, numbers: new NumberFormat(locale) };
  try {
    const profile = await loading;
    const host = hostOf(viewKey(profile), profile.meta);
    const later = needsLater(profile, host) ? await loadLater() : null;
    if (hasMore(profile)) {
      const { NativeView } = await import(
        /* webpackChunkName: "native" */ './native'
      );
      return new NativeView(profile, context, host, later);
    }
    return new ProfileView(profile, context, host, later);
  } catch (reason) {
    return {
      node: element(
        'div',
        { className: 'jp-Profiler-refusal', attributes: { role: 'alert' } },
        await why(reason, context)
      ),
      state: 'error',
      layout: () => undefined,
      showLine: () => false,
      hide: () => undefined,
      dispose: () => undefined
    };
  }
}

/**
 * Whether there is more to choose: compiled frames to fold, or one of several metrics.
 */
function hasMore({ functions, totals, paths }: IProfile): boolean {
  const { values } = totals.length > 0 ? totals : paths;
  return (
    functions.kind.includes('native') ||
    [...values.keys()].filter(key => /^self\.(?!calls$)/.test(key)).length > 1
  );
}

/**
 * Whether the first look at a profile needs what others need only when they are asked for it.
 */
function needsLater(
  { meta, totals, paths, lines }: IProfile,
  host: IHost
): boolean {
  return (
    meta.status !== 'ok' ||
    host.state.group !== 'none' ||
    host.state.regex ||
    totals.length + paths.length + lines.length === 0
  );
}

/** Why nothing is shown. */
async function why(reason: unknown, context: IContext): Promise<Node[]> {
  try {
    const { refusal } = await loadLater();
    return refusal(reason, context);
  } catch {
    return [element('p', { text: notLoaded(context) })];
  }
}
