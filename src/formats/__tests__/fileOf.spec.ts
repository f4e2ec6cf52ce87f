import { expect, it } from 'vitest';

import { fileOf } from '../fileOf';

it.each([
  [
    '/usr/lib/python3.13/site-packages/numpy/linalg/_linalg.py',
    'package',
    'numpy/linalg/_linalg.py',
    'numpy'
  ],
  ['/usr/lib/python3/dist-packages/six.py', 'package', 'six.py', 'six'],
  ['C:\\Python313\\Lib\\site-packages\\a\\b.py', 'package', 'a/b.py', 'a'],
  ['/usr/lib/python3.12/json/decoder.py', 'stdlib', 'json/decoder.py', 'json'],
  ['C:\\Python313\\Lib\\json\\decoder.py', 'stdlib', 'json/decoder.py', 'json'],
  ['/home/me/lib/tools.py', 'file', '', ''],
  ['run.py', 'file', '', ''],
  [
    '<frozen importlib._bootstrap>',
    'frozen',
    'importlib._bootstrap',
    'importlib'
  ],
  ['<string>', 'none', '<string>', ''],
  ['', 'none', '', ''],
  ['/tmp/ipykernel_42/123.py', 'cell', '', ''],
  ['<ipython-input-7-abc>', 'cell', 'Cell [7]', ''],
  ['/usr/lib/libm.so.6', 'native', '', '']
])('of %s', (path, origin, label, name) => {
  expect(fileOf(path)).toEqual({ origin, label, package: name });
});
