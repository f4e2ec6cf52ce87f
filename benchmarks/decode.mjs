// How long the front end's reader takes for a payload, in Node.
//
//     node benchmarks/decode.mjs PAYLOAD.json [--rounds N] [--json]
//
// The payload is a file that payloads.py has written; `npm run build:lib` has made lib/.
import '../tools/node-version.mjs';
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';

import { isMain, main } from '../tools/run.mjs';
import { spread } from './figures.mjs';
import { importLib } from './lib.mjs';

/** Milliseconds of `rounds` calls of `decode`, after a warm-up, and the rows of its call tree. */
export async function measureDecode(path, rounds) {
  const { decode } = await importLib('wire/index.js');
  const payload = JSON.parse(readFileSync(path, 'utf8'));
  const { paths } = await decode(payload);
  const times = [];
  for (let round = 0; round < rounds; round++) {
    const began = performance.now();
    await decode(payload);
    times.push(performance.now() - began);
  }
  return { node: process.versions.node, rows: paths.length, times };
}

if (isMain(import.meta.url)) {
  await main(async () => {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        rounds: { type: 'string', default: '9' },
        json: { type: 'boolean', default: false }
      }
    });
    const result = await measureDecode(positionals[0], Number(values.rounds));
    console.log(
      values.json
        ? JSON.stringify(result)
        : `decode of ${result.rows} path nodes in Node: ${spread(result.times, { unit: ' ms', digits: 1 })}`
    );
  });
}
