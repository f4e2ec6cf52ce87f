import { WRITERS, type FileContent } from '../../formats/write';
import { csv } from '../../profile/csv';
import { encode } from '../../wire/encode';
import { notLoaded, type IContext } from '../context';
import type { Result } from '../result';
import { pageOf } from './page';

/** A kind of file that a profile is saved as. */
export interface ISaveFormat {
  /** What the name of the file ends with, the dot included. */
  readonly ending: string;
  readonly label: string;
  /** Who reads it, and what it holds. */
  readonly about: string;
  /** Why this profile cannot be such a file; null where it can. */
  readonly refusal: string | null;
  /** MIME type. */
  readonly type: string;
  /** Throws what tells why it cannot. */
  write(): FileContent | Promise<FileContent>;
}

/**
 * What a result can be saved as. What it cannot, is there too, with the reason.
 *
 * @param template - gets the page that a profile is put into; missing where there is none
 */
export function saveFormats(
  result: Result,
  context: IContext,
  template?: (charts: boolean) => Promise<string>
): readonly ISaveFormat[] {
  const { trans } = context;
  const { profile, rows, list, state } = result;
  const page = (charts: boolean): ISaveFormat => ({
    ending: '.html',
    label: charts ? trans.__('Web page with charts') : trans.__('Web page'),
    about: charts
      ? trans.__('The same with charts, 1.2 MB larger.')
      : trans.__(
          'One file with these views, for a mail: it needs neither JupyterLab nor a network.'
        ),
    refusal: null,
    type: 'text/html',
    write: async () =>
      pageOf(
        await (template as (charts: boolean) => Promise<string>)(charts).catch(
          () => {
            throw new Error(notLoaded(context));
          }
        ),
        await encode(profile),
        charts
      )
  });
  const ours: Readonly<Record<string, { label: string; about: string }>> = {
    pstats: {
      label: trans.__('pstats'),
      about: trans.__('For pstats, snakeviz, tuna and gprof2dot.')
    },
    lprof: {
      label: trans.__('line_profiler'),
      about: trans.__('For python -m line_profiler.')
    },
    speedscope: {
      label: trans.__('speedscope'),
      about: trans.__('All call paths, for speedscope.')
    },
    collapsed: {
      label: trans.__('Collapsed stacks'),
      about: trans.__('All call paths as text, for flame graph tools.')
    }
  };
  return [
    ...WRITERS.map(({ id, ending, mime, write, refusal }): ISaveFormat => ({
      ending,
      ...(ours[id] ?? { label: id, about: '' }),
      refusal: refusal(profile),
      type: mime,
      write: () => write(profile)
    })),
    {
      ending: '.csv',
      label: trans.__('CSV'),
      about: trans.__(
        'The functions that the table lists, with exact numbers, for a spreadsheet.'
      ),
      refusal: rows.length > 0 ? null : trans.__('There are no functions.'),
      type: 'text/csv',
      write: () => csv(profile, rows, list.listing(state).rows)
    },
    {
      ending: '.json',
      label: trans.__('JSON'),
      about: profile.hasUnknownTables
        ? trans.__(
            'All that this version knows of the profile; it has tables that are left out.'
          )
        : trans.__(
            'All that the profile holds. JupyterLab opens it, and load() in Python.'
          ),
      refusal: null,
      type: 'application/json',
      write: async () => JSON.stringify(await encode(profile))
    },
    ...(template ? [page(false), page(true)] : [])
  ];
}
