/**
 * `tests/data/written` holds what the Python package writes of samples, and why it writes nothing (`tests/written.py`
 * makes it, and `tests/test_written.py` gives it to pstats).
 */
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { IProfile } from '../../../profile/model';
import { decode } from '../../../wire';
import { sample } from '../../../wire/__tests__/samples';
import { bytesOf, dataFile, dataText } from '../../__tests__/readings';
import { readProfile } from '../../read';
import { WRITERS } from '..';

const FOLDER = resolve(__dirname, '../../../../tests/data/written');
const REFUSED = JSON.parse(dataText('written/refused.json')) as Record<
  string,
  Record<string, string>
>;
const NAMES = Object.keys(REFUSED);
const FILES = readdirSync(FOLDER).filter(name => name !== 'refused.json');

/** Files of other tools, by the name that their copies have. */
const OTHERS: Readonly<Record<string, string>> = {
  'py-spy': 'collapsed/py-spy-0.4.3.folded',
  'py2.7.profile-module': 'pstats/py2.7.profile-module.prof',
  'v3.5.1': 'lprof/v3.5.1-py3.8.lprof',
  'v5.0.2': 'lprof/v5.0.2-py3.13.lprof'
};

function profileOf(name: string): Promise<IProfile> {
  return name in OTHERS
    ? readProfile(Uint8Array.from(dataFile(OTHERS[name])), name)
    : decode(sample(name));
}

describe('what Python writes of the same profile', () => {
  it.each(FILES)('%s is written byte for byte', async file => {
    const writer = WRITERS.find(({ ending }) => file.endsWith(ending));
    const name = file.slice(0, -(writer?.ending.length ?? 0));
    const content = await writer?.write(await profileOf(name));
    const bytes = typeof content === 'string' ? bytesOf(content) : content;
    expect(Buffer.from(bytes ?? [])).toEqual(readFileSync(`${FOLDER}/${file}`));
  });

  it.each(NAMES)('%s is refused as what it is not', async name => {
    const profile = await profileOf(name);
    const reasons = WRITERS.map(({ id, refusal }) => [id, refusal(profile)]);
    expect(Object.fromEntries(reasons)).toEqual(
      Object.fromEntries(
        WRITERS.map(({ id }) => {
          const reason = REFUSED[name][id];
          return [
            id,
            reason ? `${reason[0].toUpperCase()}${reason.slice(1)}.` : null
          ];
        })
      )
    );
  });
});
