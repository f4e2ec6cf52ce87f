import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import {
  expect,
  galata,
  type IJupyterLabPageFixture
} from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';

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

/** JupyterLab's ways of keeping cells out of the page that are not in sight. */
export const WINDOWING_MODES = [
  'contentVisibility',
  'full',
  'defer',
  'none'
] as const;

/** Settings of a test in a windowing mode. */
export function windowing(mode: string): typeof galata.DEFAULT_SETTINGS {
  const tracker = '@jupyterlab/notebook-extension:tracker';
  return {
    ...galata.DEFAULT_SETTINGS,
    [tracker]: { ...galata.DEFAULT_SETTINGS[tracker], windowingMode: mode }
  };
}

/** A sample without its own limits: all of its rows are shown. */
export function whole(name: string): Json {
  return { ...sample(name), view: { sort: [], limits: [] } };
}

/**
 * Open a notebook of these cells.
 *
 * @returns its results
 */
export async function open(
  page: IJupyterLabPageFixture,
  path: string,
  cells: Json[]
): Promise<Locator> {
  await page.contents.uploadContent(
    JSON.stringify(notebook(cells)),
    'text',
    path
  );
  await page.notebook.openByPath(path);
  await page.notebook.activate(path.split('/').pop() ?? path);
  return page.locator('.jp-Profiler');
}

/**
 * Scroll a result into sight: only there it is drawn.
 */
export async function shown(result: Locator): Promise<void> {
  // What is drawn on the way takes more room than it had, and moves it out of sight again.
  await expect(async () => {
    await result.scrollIntoViewIfNeeded();
    await expect(result).not.toHaveAttribute('data-state', 'loading', {
      timeout: 1000
    });
  }).toPass({ timeout: 30_000 });
}

/** Run a command of JupyterLab. */
export function execute(
  page: IJupyterLabPageFixture,
  command: string,
  args: Record<string, string> = {}
): Promise<unknown> {
  return page.evaluate(
    async ([id, options]) => {
      await window.jupyterapp.commands.execute(id, options);
    },
    [command, args] as const
  );
}

/** The row of a function, by its name in the table. */
export function rowOf(result: Locator, name: string): Locator {
  return result.locator('.jp-Profiler-scroll tbody tr').filter({
    has: result.page().locator('.jp-Profiler-name', {
      hasText: new RegExp(`^${name.replace(/[().[\]\\]/g, '\\$&')}$`)
    })
  });
}
