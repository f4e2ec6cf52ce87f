import type { FileOrigin } from '../profile/model';

/** What a file name stands for, as far as the name tells. */
export interface IFileName {
  readonly label: string;
  readonly origin: FileOrigin;
  readonly package: string;
}

const CELL = /(?:[\\/]ipykernel_\d+[\\/]\d+\.py|^<ipython-input-(\d+)-[^>]*>)$/;
const INSTALLED = /[\\/](?:site|dist)-packages[\\/](.+)$/;
const STANDARD =
  /[\\/](?:lib|Lib|lib64)[\\/](?:python\d(?:\.\d+)?t?[\\/])?(.+)$/;
const STANDARD_FOLDER = /[\\/]lib(?:64)?[\\/]python\d(?:\.\d+)?t?[\\/]/;
const WINDOWS_FOLDER = /[\\/]Python\d*[\\/]Lib[\\/]/i;
const OBJECT = /\.(?:so(?:\.[\w.]+)?|dll|dylib|pyd|exe)$/i;

/**
 * What a file name means that a profile from elsewhere has: by the folders that Pythons are installed in, since the
 * machine it was made on is not at hand. What no rule knows is a file of the user's.
 */
export function fileOf(path: string): IFileName {
  const cell = CELL.exec(path);
  if (cell) {
    const label = cell[1] ? `Cell [${cell[1]}]` : '';
    return { label, origin: 'cell', package: '' };
  }
  if (path.startsWith('<frozen ')) {
    const label = path.slice('<frozen '.length).replace(/>$/, '');
    return { label, origin: 'frozen', package: label.split('.')[0] };
  }
  if (path.startsWith('<') || path === '') {
    return { label: path, origin: 'none', package: '' };
  }
  if (OBJECT.test(path)) {
    return { label: '', origin: 'native', package: '' };
  }
  const installed = INSTALLED.exec(path)?.[1];
  if (installed) {
    return named(installed, 'package');
  }
  if (STANDARD_FOLDER.test(path) || WINDOWS_FOLDER.test(path)) {
    const inside = STANDARD.exec(path)?.[1];
    if (inside) {
      return named(inside, 'stdlib');
    }
  }
  return { label: '', origin: 'file', package: '' };
}

function named(path: string, origin: FileOrigin): IFileName {
  const label = path.replaceAll('\\', '/');
  return { label, origin, package: label.split('/')[0].replace(/\.py$/, '') };
}
