import type { IProfile } from '../../profile/model';
import { toCollapsed } from './collapsed';
import { toLprof } from './lprof';
import { toPstats } from './pstats';
import { noLprof, noPstats, noStacks } from './refusals';
import { toSpeedscope } from './speedscope';
import type { IWriter } from './writer';

export type { FileContent, IWriter } from './writer';
export { toCollapsed, toLprof, toPstats, toSpeedscope };

/** A reason as the sentence that an error with it says. */
const sentence =
  (reasonOf: (profile: IProfile) => string | null) =>
  (profile: IProfile): string | null => {
    const reason = reasonOf(profile);
    return reason === null ? null : `${reason}.`;
  };

/** The kinds of files of other tools that a profile can be written to. */
export const WRITERS: readonly IWriter[] = [
  {
    id: 'pstats',
    ending: '.prof',
    mime: 'application/octet-stream',
    write: toPstats,
    refusal: sentence(noPstats)
  },
  {
    id: 'lprof',
    ending: '.lprof',
    mime: 'application/octet-stream',
    write: toLprof,
    refusal: sentence(noLprof)
  },
  {
    id: 'speedscope',
    ending: '.speedscope.json',
    mime: 'application/json',
    write: toSpeedscope,
    refusal: sentence(noStacks)
  },
  {
    id: 'collapsed',
    ending: '.collapsed',
    mime: 'text/plain',
    write: toCollapsed,
    refusal: sentence(noStacks)
  }
];
