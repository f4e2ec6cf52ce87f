import type { Kernel } from '@jupyterlab/services';
import { PromiseDelegate } from '@lumino/coreutils';
import { Signal } from '@lumino/signaling';
import { beforeEach, describe, expect, it } from 'vitest';

import { KernelGoneError, KernelLink } from '../kernelLink';

/** A request, and how a kernel answers it. */
interface IRequest {
  readonly expression: string;
  readonly content: Record<string, unknown>;
  answer(text: string): void;
  fail(): void;
}

/** As much of a connection as a link uses. JupyterLab's own brings in all of its services. */
class FakeKernel {
  isDisposed = false;
  status: Kernel.Status = 'idle';
  connectionStatus: Kernel.ConnectionStatus = 'connected';
  info: Promise<unknown> = Promise.resolve({
    status: 'ok',
    language_info: { name: 'python' }
  });
  readonly statusChanged = new Signal<this, Kernel.Status>(this);
  readonly connectionStatusChanged = new Signal<this, Kernel.ConnectionStatus>(
    this
  );
  readonly disposed = new Signal<this, void>(this);
  readonly requests: IRequest[] = [];

  requestExecute(content: Record<string, unknown>): unknown {
    const done = new PromiseDelegate<unknown>();
    const { answer } = content.user_expressions as { answer: string };
    this.requests.push({
      expression: answer,
      content,
      answer: text =>
        done.resolve({
          content: {
            status: 'ok',
            user_expressions: {
              answer: { status: 'ok', data: { 'text/plain': text } }
            }
          }
        }),
      fail: () => done.reject(new Error('Canceled future for execute_request'))
    });
    return { done: done.promise };
  }

  to(status: Kernel.Status): void {
    this.status = status;
    this.statusChanged.emit(status);
  }

  connect(status: Kernel.ConnectionStatus): void {
    this.connectionStatus = status;
    this.connectionStatusChanged.emit(status);
  }

  dispose(): void {
    this.isDisposed = true;
    this.disposed.emit();
  }
}

let kernel: FakeKernel;
let link: KernelLink;

beforeEach(() => {
  kernel = new FakeKernel();
  link = of(kernel);
});

function of(fake: FakeKernel): KernelLink {
  return KernelLink.of(fake as unknown as Kernel.IKernelConnection);
}

function expressions(): string[] {
  return kernel.requests.map(({ expression }) =>
    expression.replace(/^.*\)\./, '')
  );
}

/** Let everything happen that can. */
function settle(): Promise<void> {
  return new Promise(resolve => setTimeout(resolve));
}

it('is one for each connection', () => {
  expect(of(kernel)).toBe(link);
  expect(of(new FakeKernel())).not.toBe(link);
});

it('orders leave no trace in the kernel', async () => {
  const armed = link.arm({}, ['a', 'b']);
  expect(kernel.requests[0].content).toEqual({
    code: '',
    silent: true,
    store_history: false,
    allow_stdin: false,
    stop_on_error: false,
    user_expressions: { answer: kernel.requests[0].expression }
  });
  expect(expressions()).toEqual(['arm(["a","b"])']);
  kernel.requests[0].answer('1');
  expect(await armed).toEqual({ kind: 'done', loaded: true });
});

it('knows a kernel from its first answer to its restart', async () => {
  const arm = async () => {
    const armed = link.arm({}, ['a']);
    kernel.requests[kernel.requests.length - 1].answer('0');
    await armed;
  };
  expect(link.isKnown).toBe(false);
  await arm();
  expect(link.isKnown).toBe(true);
  for (const status of ['busy', 'idle'] as const) {
    kernel.to(status);
    expect(link.isKnown).toBe(true);
  }
  kernel.to('restarting');
  expect(link.isKnown).toBe(false);
  kernel.to('idle');
  await arm();
  kernel.to('autorestarting');
  expect(link.isKnown).toBe(false);
  kernel.to('idle');
  await arm();
  kernel.connect('connecting');
  expect(link.isKnown).toBe(false);
});

describe('taking back', () => {
  it('is for what this run armed last', () => {
    const [first, second] = [{}, {}];
    void link.arm(first, ['a', 'b']);
    void link.arm(second, ['b', 'c']);
    link.disarm(first, ['a', 'b']);
    link.disarm(first, ['a', 'b']);
    link.disarm(second, ['b', 'c']);
    expect(expressions()).toEqual([
      'arm(["a","b"])',
      'arm(["b","c"])',
      'disarm(["a"])',
      'disarm(["b","c"])'
    ]);
  });

  it('is needless in a new kernel', () => {
    const run = {};
    link.arm(run, ['a']).catch(() => undefined);
    kernel.to('restarting');
    kernel.to('idle');
    link.disarm(run, ['a']);
    expect(expressions()).toEqual(['arm(["a"])']);
  });

  it('is made up for when the connection is there again', async () => {
    const run = {};
    const armed = link.arm(run, ['a']);
    kernel.connect('connecting');
    await expect(armed).rejects.toThrow(KernelGoneError);
    link.disarm(run, ['a']);
    expect(expressions()).toEqual(['arm(["a"])', 'disarm(["a"])']);
    // Nobody waits for this one.
    kernel.requests[1].fail();
    await settle();
  });
});

describe('waiting', () => {
  it.each(['restarting', 'autorestarting', 'terminating', 'dead'] as const)(
    'ends when the kernel is %s, answer or not',
    async status => {
      const waiting = [link.arm({}, ['a']), link.arm({}, ['b'])];
      kernel.to(status);
      kernel.requests[0].fail();
      for (const armed of waiting) {
        await expect(armed).rejects.toThrow(KernelGoneError);
      }
    }
  );

  it('ends with the connection', async () => {
    const armed = link.arm({}, ['a']);
    kernel.dispose();
    await expect(armed).rejects.toThrow(KernelGoneError);
    await expect(link.language()).rejects.toThrow(KernelGoneError);
  });

  it('for a language begins when the kernel takes messages', async () => {
    kernel.to('restarting');
    let language: string | null = null;
    const asked = link.language().then(name => (language = name));
    kernel.connect('connecting');
    kernel.to('unknown');
    await settle();
    expect(language).toBe(null);
    kernel.connect('connected');
    await asked;
    expect(language).toBe('python');
  });

  it('for a language that is not told ends, too', async () => {
    kernel.info = Promise.resolve({ status: 'ok' });
    expect(await link.language()).toBe('');
    kernel.info = Promise.resolve({ status: 'error' });
    expect(await link.language()).toBe('');
  });
});

describe('one thing at a time', () => {
  it('keeps the order, and goes on after a failure', async () => {
    const log: string[] = [];
    const job = (name: string) => async () => {
      log.push(`${name} begins`);
      await settle();
      log.push(`${name} ends`);
      if (name === 'b') {
        throw new RangeError(name);
      }
      return name;
    };
    const [a, b, c] = ['a', 'b', 'c'].map(name => link.inTurn(job(name)));
    await expect(b).rejects.toThrow(RangeError);
    expect(await Promise.all([a, c])).toEqual(['a', 'c']);
    expect(log).toEqual(
      ['a', 'b', 'c'].flatMap(name => [`${name} begins`, `${name} ends`])
    );
  });

  it('drops what waits when the kernel restarts, and takes what comes then', async () => {
    const log: string[] = [];
    const first = link.inTurn(() => link.arm({}, ['a']));
    const second = link.inTurn(async () => log.push('second'));
    await settle();
    kernel.to('restarting');
    const third = link.inTurn(async () => log.push('third'));
    kernel.connect('connecting');
    kernel.connect('connected');
    kernel.to('idle');
    await expect(first).rejects.toThrow(KernelGoneError);
    await expect(second).rejects.toThrow(KernelGoneError);
    await third;
    expect(log).toEqual(['third']);
  });
});
