import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { trans } from '../../views/__tests__/language';
import { readAnswer } from '../arming';
import { Notices } from '../notices';

interface INotification {
  id: string;
  message: string;
}

const shown = vi.hoisted((): INotification[] => []);

// JupyterLab's package brings in all of its services.
vi.mock('@jupyterlab/apputils', () => {
  let count = 0;
  return {
    Clipboard: {},
    Notification: {
      manager: {
        get notifications() {
          return [...shown];
        }
      },
      emit: (message: string) => {
        const id = `n${count++}`;
        shown.push({ id, message });
        return id;
      },
      dismiss: (id: string) => {
        shown.splice(
          shown.findIndex(one => one.id === id),
          1
        );
      }
    }
  };
});

const notices = new Notices(trans);

beforeEach(() => {
  shown.length = 0;
  vi.useFakeTimers();
  vi.spyOn(console, 'error').mockReturnValue();
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

it('says everything within the 140 characters that JupyterLab shows', () => {
  notices.noKernel();
  notices.notPython('');
  notices.notPython('R');
  notices.badId();
  notices.gone();
  notices.broken(new Error('unforeseen'));
  notices.answer({ kind: 'done', loaded: true });
  notices.answer({ kind: 'missing' });
  notices.answer({ kind: 'old' });
  notices.answer({ kind: 'dropped' });
  notices.answer({ kind: 'failed', reason: '' });
  const long = { ename: 'ValueError', evalue: 'x'.repeat(500) };
  notices.answer(readAnswer({ status: 'error', ...long }));
  expect(shown.length).toBe(12);
  expect(new Set(shown.map(({ message }) => message)).size).toBe(12);
  for (const { message } of shown) {
    expect(message.length, message).toBeLessThanOrEqual(140);
    expect(message).not.toContain('%1');
  }
});

it('says nothing where all is as before, and nothing twice', () => {
  notices.answer({ kind: 'done', loaded: false });
  expect(shown).toEqual([]);
  notices.gone();
  notices.gone();
  expect(shown.length).toBe(1);
});

it('tells of a wait that takes more than a second, as long as it takes', async () => {
  let end = () => {};
  const kernel = new Promise<void>(resolve => (end = resolve));
  const waiting = notices.whileWaiting(kernel);
  await vi.advanceTimersByTimeAsync(999);
  expect(shown).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(shown.map(({ message }) => message)).toEqual([
    'Waiting for the kernel to profile …'
  ]);
  end();
  await waiting;
  expect(shown).toEqual([]);

  await notices.whileWaiting(Promise.resolve());
  await expect(
    notices.whileWaiting(Promise.reject(new RangeError()))
  ).rejects.toThrow(RangeError);
  await vi.advanceTimersByTimeAsync(5000);
  expect(shown).toEqual([]);
});
