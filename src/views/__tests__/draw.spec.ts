// @vitest-environment jsdom
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { sample } from '../../wire/__tests__/samples';
import { draw } from '../draw';
import { trans } from './language';

const language = { trans, locale: 'en' };

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
  'large'
])('draws the sample %s', async name => {
  const drawn = await draw(sample(name), language);
  expect(drawn.state).toBe('ready');
  expect(drawn.node.querySelector('header')).not.toBeNull();
  drawn.layout();
  drawn.dispose();
});

it('says what it has where it has no functions', async () => {
  const lines = await draw(sample('gz'), language);
  expect(lines.node.textContent).toContain(
    'times of lines and none of functions'
  );
  const empty = await draw(sample('empty'), language);
  expect(empty.node.textContent).toContain('No function was called.');
  const other = sample('empty');
  other.tables = { ...Object(other.tables), allocations: { length: 9 } };
  const unknown = await draw(other, language);
  expect(unknown.node.textContent).toContain(
    'This profile holds no functions.'
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
    const drawn = await draw(payload, language);
    expect(drawn.state).toBe('error');
    expect(drawn.node.getAttribute('role')).toBe('alert');
    expect(drawn.node.textContent).toContain(sentence);
  });

  it('never makes it fail', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async payload => {
        expect((await draw(payload, language)).state).toBe('error');
      })
    );
  });
});
