import { describe, expect, it } from 'vitest';

import { Links } from '../links';

const SERVER = { baseUrl: 'http://server:8888/user/a/' };

const linksAt = (address: string) => new Links(SERVER, new URL(address));

describe('addresses of functions', () => {
  it('lead back to the same file and function', () => {
    const path = 'results/run #1?.mp.gz';
    const key = '/src/a b.cpp|void f<int, &x>(char%)|2';
    const address = linksAt('http://server:8888/user/a/lab').to(path, '', key);
    expect(address).toMatch(
      /^http:\/\/server:8888\/user\/a\/lab\/tree\/results\/run%20%231%3F\.mp\.gz\?profile-function=/
    );
    const links = linksAt(address);
    expect([links.path, links.cell]).toEqual([path, '']);
    expect(links.take('other.mp.gz', '')).toBe('');
    expect(links.take(path, 'c0')).toBe('');
    expect(links.take(path, '')).toBe(key);
    // Once: what the reader looks at afterwards stays.
    expect(links.take(path, '')).toBe('');
  });

  it('lead back to the result of a cell, not to those of others or of a copy', () => {
    const path = 'a/My notebook.ipynb';
    const key = '#c0|Job.run|2';
    const links = linksAt(
      linksAt('http://server:8888/lab').to(path, 'c+0', key)
    );
    expect([links.path, links.cell]).toEqual([path, 'c+0']);
    expect(links.take(path, '')).toBe('');
    expect(links.take(path, 'c 0')).toBe('');
    expect(links.take('copy.ipynb', 'c+0')).toBe('');
    expect(links.take(path, 'c+0')).toBe(key);
  });

  it('are known in a workspace, and with other parameters', () => {
    const links = linksAt(
      'http://server:8888/lab/workspaces/auto-q/tree/a/b.pp?reset&profile-function=%7Cmain'
    );
    expect([links.path, links.take('a/b.pp', '')]).toEqual(['a/b.pp', '|main']);
  });

  it.each([
    'http://server:8888/lab/tree/a.pp',
    'http://server:8888/lab?profile-function=%7Cmain',
    'http://server:8888/lab/tree/%ff?profile-function=%7Cmain',
    `http://server:8888/lab/tree/a.pp?profile-function=${'a'.repeat(1001)}`
  ])('are none in %.70s', address => {
    const links = linksAt(address);
    expect([links.path, links.take('a.pp', ''), links.take('', '')]).toEqual([
      '',
      '',
      ''
    ]);
  });
});
