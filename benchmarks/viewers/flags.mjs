// How Chromium is started to measure viewers.

export const browserFlags = [
  // A container run as root has no sandbox to offer.
  '--no-sandbox',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--js-flags=--max-old-space-size=8192'
];

export const noGPU = ['--disable-gpu'];

/** For speedscope, which draws with WebGL: that is done in software here. */
export const softwareGL = [
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--ignore-gpu-blocklist'
];
