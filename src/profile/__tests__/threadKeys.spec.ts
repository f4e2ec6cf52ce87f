import { expect, it } from 'vitest';

import { findThread, threadKeys } from '../threadKeys';
import { profileOf } from './build';

const { threads } = profileOf([]);
const keys = threadKeys({
  ...threads,
  length: 3,
  name: ['MainThread', 'Task-2', 'Task-2'],
  kind: ['thread', 'task', 'task']
});

it('names threads by kind and name, and counts namesakes', () => {
  expect(keys).toEqual(['thread|MainThread', 'task|Task-2', 'task|Task-2|2']);
});

it('finds a thread by its key, and none by that of another run', () => {
  expect(findThread(keys, 'task|Task-2|2')).toBe(2);
  expect(findThread(keys, 'task|Task-9')).toBeNull();
  expect(findThread(keys, null)).toBeNull();
});
