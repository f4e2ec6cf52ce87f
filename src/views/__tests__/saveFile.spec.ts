import { expect, it } from 'vitest';

import { fileName } from '../saveFile';

it.each([
  ['', 'profile'],
  ['first try', 'first-try'],
  ['../../etc/passwd', 'etc-passwd'],
  ['a:b*c?"<>|\u0000', 'a-b-c'],
  ['Größe_2.1', 'Größe_2.1'],
  ['naïve π/2', 'naïve-π-2'],
  ['.hidden', 'hidden'],
  ['\u202egnp.exe', 'gnp.exe'],
  ['x'.repeat(1000), 'x'.repeat(60)],
  ['???', 'profile']
])('names a file after %j', (label, name) => {
  expect(fileName(label)).toBe(name);
});
