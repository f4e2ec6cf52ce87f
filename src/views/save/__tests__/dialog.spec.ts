// @vitest-environment jsdom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { SPEEDSCOPE } from '../../../formats/speedscope';
import type { IProfile } from '../../../profile/model';
import { decode } from '../../../wire';
import { context } from '../../__tests__/language';
import { one, resultOf, sampleProfile, texts } from '../../__tests__/results';
import { saveAs } from '../dialog';
import { DATA_ID } from '../page';

const TEMPLATE = '<main></main><!--profile--><script></script>';

let saved: { readonly name: string; readonly blob: Blob }[];
let place: HTMLElement;

beforeEach(() => {
  saved = [];
  place = document.body.appendChild(document.createElement('div'));
  const blobs: Blob[] = [];
  vi.stubGlobal('URL', {
    createObjectURL: (blob: Blob) => {
      blobs.push(blob);
      return 'blob:1';
    },
    revokeObjectURL: () => undefined
  });
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (
    this: HTMLAnchorElement
  ) {
    saved.push({ name: this.download, blob: blobs[blobs.length - 1] });
  });
  // What jsdom does not have.
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function () {
    this.open = false;
    this.dispatchEvent(new Event('close'));
  };
});

afterEach(() => {
  place.remove();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const show = (
  profile: IProfile,
  template?: (charts: boolean) => Promise<string>
) => saveAs(place, resultOf(profile), context, template);

const choice = (name: string) =>
  one<HTMLButtonElement>(place, 'li button', name);

async function contentOf(name: string): Promise<string> {
  choice(name).click();
  await vi.waitFor(() => expect(saved).toHaveLength(1));
  expect(place.childElementCount).toBe(0);
  return new Promise(resolve => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.readAsText(saved[0].blob);
  });
}

it('offers each kind, and says why it is not one of them', async () => {
  show(await sampleProfile('functions'));
  expect(texts(place, 'li button')).toEqual([
    'pstats',
    'line_profiler',
    'speedscope',
    'Collapsed stacks',
    'CSV',
    'JSON'
  ]);
  expect(choice('pstats').disabled).toBe(false);
  expect(choice('line_profiler').disabled).toBe(true);
  expect(choice('line_profiler').parentElement?.textContent).toContain(
    'no times of lines'
  );
});

it('saves all call paths for speedscope', async () => {
  const profile = await sampleProfile('paths');
  show(profile);
  const text = await contentOf('speedscope');
  expect(saved[0].name).toMatch(/\.speedscope\.json$/);
  const read = SPEEDSCOPE.read(new TextEncoder().encode(text), {
    name: 'saved',
    onProgress: () => undefined
  });
  const sum = ({ paths }: IProfile) =>
    paths.values.get('self.time')?.reduce((all, own) => all + own, 0);
  expect(sum(read)).toBeCloseTo(sum(profile) as number, 3);
});

it('saves all that a profile holds as JSON', async () => {
  const profile = await sampleProfile('lines');
  show(profile);
  const again = await decode(JSON.parse(await contentOf('JSON')));
  expect(again).toEqual(profile);
});

it('puts a profile into the page, where nothing of it is markup', async () => {
  const profile = await sampleProfile('functions');
  const label = '</script><script>alert(1)</script>';
  show({ ...profile, meta: { ...profile.meta, label } }, charts =>
    Promise.resolve(charts ? `charts ${TEMPLATE}` : TEMPLATE)
  );
  const text = await contentOf('Web page with charts');
  expect(saved[0].name).toMatch(/\.html$/);
  const page = new DOMParser().parseFromString(text, 'text/html');
  expect(page.body.textContent).toMatch(/^charts/);
  expect(page.querySelectorAll('script')).toHaveLength(2);
  const data = page.getElementById(DATA_ID);
  expect(data?.dataset.view).toBe('charts');
  const again = await decode(JSON.parse(data?.textContent ?? ''));
  expect(again.meta.label).toBe(label);
});

it('says what is wrong, and stays', async () => {
  show(await sampleProfile('functions'), () =>
    Promise.reject(new TypeError('Failed to fetch'))
  );
  choice('Web page with charts').click();
  await vi.waitFor(() =>
    expect(one(place, '[role=status]').textContent).toContain('did not load')
  );
  expect(saved).toEqual([]);
  one(place, 'button', 'Cancel').click();
  expect(place.childElementCount).toBe(0);
});

it('does not say an ending twice', async () => {
  const profile = await sampleProfile('functions');
  const label = 'run.prof';
  show({ ...profile, meta: { ...profile.meta, label } });
  await contentOf('pstats');
  expect(saved[0].name).toBe('run.prof');
});
