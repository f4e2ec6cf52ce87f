// Imports modules of lib/ in Node. They are made for bundlers: names without an ending,
// folders, and no "type": "module".
import { register } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { root } from '../tools/paths.mjs';

const resolver = `
export async function resolve(name, context, next) {
  if (name.startsWith('.') && !/\\.m?js$/.test(name)) {
    for (const end of ['.js', '/index.js']) {
      try { return await next(name + end, context); } catch { /* the other one */ }
    }
  }
  return next(name, context);
}
export async function load(url, context, next) {
  const ours = url.startsWith(${JSON.stringify(pathToFileURL(join(root, 'lib')).href)});
  return next(url, ours ? { ...context, format: 'module' } : context);
}`;

let isRegistered = false;

/** A module of lib/, as `wire/index.js`. */
export function importLib(name) {
  if (!isRegistered) {
    isRegistered = true;
    register(`data:text/javascript,${encodeURIComponent(resolver)}`);
  }
  return import(pathToFileURL(join(root, 'lib', name)).href);
}
