/**
 * The sample payloads that both languages' tests read.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const WIRE = join(
  dirname(fileURLToPath(import.meta.url)),
  '../../../wire'
);

/** Files in the samples' folder that are no payloads. */
const NOT_PAYLOADS = new Set(['expected.json', 'refused.json']);

/** Parsed JSON. */
export type Json = Record<string, unknown>;

/** A JSON file of the `wire` folder. */
export function readWireFile(name: string): unknown {
  return JSON.parse(readFileSync(join(WIRE, name), 'utf8'));
}

/** Name and payload of each sample. */
export function samples(): [string, Json][] {
  return readdirSync(join(WIRE, 'samples'))
    .filter(file => file.endsWith('.json') && !NOT_PAYLOADS.has(file))
    .map(file => [
      file.replace(/\.json$/, ''),
      readWireFile(`samples/${file}`) as Json
    ]);
}

/** One sample's payload. */
export function sample(name: string): Json {
  return readWireFile(`samples/${name}.json`) as Json;
}
