import type { ServerConnection } from '@jupyterlab/services';

/** The parameters of an address that name a function of the file that it opens, and the cell whose result has it. */
const PARAMETER = 'profile-function';
const CELL_PARAMETER = 'profile-cell';

/** Characters of a key, as view states have them. */
const MOST_CHARACTERS = 1_000;

/** Addresses of functions in files and notebooks, and the one that this page was opened with. */
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
      this.cell = address.searchParams.get(CELL_PARAMETER) ?? '';
      this._func = func;
    }
  }

  /** The file or notebook that this page was opened with to see a function of it; "" if it was not. */
  readonly path: string = '';

  /** The cell whose result is to be seen; "" where the file is the profile. */
  readonly cell: string = '';

  /**
   * An address that opens a file at a function.
   *
   * @param path - as the server has it
   * @param cell - id of the cell that has the result; "" where the file is the profile
   * @param func - key of the function
   */
  to(path: string, cell: string, func: string): string {
    const parts = path.split('/').map(encodeURIComponent).join('/');
    const parameters = new URLSearchParams({
      ...(cell ? { [CELL_PARAMETER]: cell } : {}),
      [PARAMETER]: func
    });
    return `${this._server.baseUrl}lab/tree/${parts}?${parameters}`;
  }

  /**
   * The function that is to be seen of a file or of a cell's result, once: what the reader chooses then stays.
   *
   * @returns its key; "" if there is none
   */
  take(path: string, cell: string): string {
    const isWanted = path !== '' && path === this.path && cell === this.cell;
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
