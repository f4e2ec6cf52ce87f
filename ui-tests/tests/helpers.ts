import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** MIME type of a profile in an output. */
export const MIME = 'application/vnd.jupyterlab-profiler.profile.v1+json';

/** Parsed JSON. */
export type Json = Record<string, unknown>;

/** A sample payload of the wire format. */
export function sample(name: string): Json {
  const path = join(__dirname, '../../wire/samples', `${name}.json`);
  return JSON.parse(readFileSync(path, 'utf8')) as Json;
}

/** An output as a kernel would have stored it, with the two fallbacks that every result has. */
export function output(payload: unknown): Json {
  return {
    output_type: 'display_data',
    metadata: {},
    data: {
      [MIME]: payload,
      'text/html': '<p>the fallback as HTML</p>',
      'text/plain': 'the fallback as text'
    }
  };
}

/** A code cell. */
export function cell(id: string, source: string, outputs: Json[] = []): Json {
  return {
    id,
    cell_type: 'code',
    source,
    metadata: {},
    outputs,
    execution_count: outputs.length > 0 ? 1 : null
  };
}

/** A notebook for a Python kernel. */
export function notebook(cells: Json[]): Json {
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: {
        name: 'python3',
        display_name: 'Python 3',
        language: 'python'
      }
    },
    cells
  };
}

/** Python that displays a payload as the kernel part does, without it. */
export function displays(payload: unknown): string {
  const bundle = output(payload).data;
  return [
    'import json',
    'from IPython.display import display',
    `display(json.loads(${JSON.stringify(JSON.stringify(bundle))}), raw=True)`
  ].join('\n');
}
