import type { ServerConnection } from '@jupyterlab/services';

/** The parameter of an address that names a function of the file that it opens. */
const PARAMETER = 'profile-function';

/** Characters of a key, as view states have them. */
const MOST_CHARACTERS = 1_000;

/** Addresses of functions in files, and the one that this page was opened with. */
export class Links {
  /**
   * @param _server - whose JupyterLab opens files
   * @param address - of this page
   */
  constructor(
    private readonly _server: Pick<ServerConnection.ISettings, 'baseUrl'>,
    address: URL
  ) {
    const func = address.searchParams.get(PARAMETER);
    const [, path] =
      /\/(?:lab|doc)\b.*?\/tree\/(.+)$/.exec(address.pathname) ?? [];
    if (func && func.length <= MOST_CHARACTERS && path) {
      this.path = decoded(path);
      this._func = func;
    }
  }

  /** The file that this page was opened with to see a function of it; "" if it was not. */
  readonly path: string = '';

  /**
   * An address that opens a file at a function.
   *
   * @param path - as the server has it
   * @param func - key of the function
   */
  to(path: string, func: string): string {
    const parts = path.split('/').map(encodeURIComponent).join('/');
    return `${this._server.baseUrl}lab/tree/${parts}?${PARAMETER}=${encodeURIComponent(func)}`;
  }

  /**
   * The function that is to be seen of a file, once: what the reader chooses then stays.
   *
   * @returns its key; "" if there is none
   */
  take(path: string): string {
    const isWanted = path !== '' && path === this.path;
    const func = isWanted ? this._func : '';
    if (isWanted) {
      this._func = '';
    }
    return func;
  }

  private _func = '';
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return '';
  }
}
