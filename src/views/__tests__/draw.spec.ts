// @vitest-environment jsdom
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';

import { DEFAULT_VIEW_STATE } from '../../profile/viewState';
import { sample } from '../../wire/__tests__/samples';
import { draw as drawWith } from '../draw';
import type { IHost } from '../profileView';
import { trans } from './language';

const host: IHost = {
  state: DEFAULT_VIEW_STATE,
  remember: () => undefined,
  hidden: [],
  open: () => Promise.resolve(false)
};

const draw = (payload: unknown) =>
  drawWith(payload, { trans, locale: 'en' }, () => host);

it.each([
  'functions',
  'interrupted',
  'paths',
  'both',
  'combine',
  'lines',
  'negative',
  'empty',
  'gz',
  'large',
  'guide',
  'mosaic'
])('draws the sample %s', async name => {
  const drawn = await draw(sample(name));
  expect(drawn.state).toBe('ready');
  expect(drawn.node.querySelector('header')).not.toBeNull();
  expect(drawn.node.textContent).not.toMatch(/NaN|undefined|Infinity/);
  drawn.layout();
  drawn.hide(['a']);
  drawn.dispose();
});

it('says what it has where it has no functions', async () => {
  const empty = await draw(sample('empty'));
  await vi.waitFor(() =>
    expect(empty.node.textContent).toContain('No function was called.')
  );
  const other = sample('empty');
  other.tables = { ...Object(other.tables), allocations: { length: 9 } };
  const unknown = await draw(other);
  await vi.waitFor(() =>
    expect(unknown.node.textContent).toContain(
      'This profile holds no functions.'
    )
  );
  expect(unknown.node.textContent).not.toContain('No function was called.');
});

describe('a payload that cannot be shown', () => {
  it.each([
    [{ ...sample('functions'), version: 9 }, 'written by a newer version'],
    [{ ...sample('functions'), strings: [5] }, 'damaged'],
    [
      {
        ...sample('functions'),
        tables: { files: { length: 1e7, columns: {} } }
      },
      'too large'
    ],
    [undefined, 'damaged']
  ])('is told in a sentence', async (payload, sentence) => {
    const drawn = await draw(payload);
    expect(drawn.state).toBe('error');
    expect(drawn.node.getAttribute('role')).toBe('alert');
    expect(drawn.node.textContent).toContain(sentence);
  });

  it('never makes it fail', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async payload => {
        expect((await draw(payload)).state).toBe('error');
      })
    );
  });
});
