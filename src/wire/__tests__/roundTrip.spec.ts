import Ajv2020 from 'ajv/dist/2020';
import fc from 'fast-check';
import { expect, it } from 'vitest';

import { decode, encode } from '..';
import { arbitraryProfile } from './arbitrary';
import { readWireFile } from './samples';

const validate = new Ajv2020({ strict: false }).compile(
  readWireFile('profile.v1.schema.json') as object
);

it('gives any profile back as it was, through JSON text', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryProfile, async profile => {
      const payload = JSON.parse(JSON.stringify(await encode(profile)));
      expect(await decode(payload)).toEqual(profile);
    }),
    { numRuns: 300 }
  );
});

it('writes what the JSON Schema allows', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryProfile, async profile => {
      const payload = JSON.parse(JSON.stringify(await encode(profile)));
      validate(payload);
      expect(validate.errors ?? []).toEqual([]);
    }),
    { numRuns: 100 }
  );
});
