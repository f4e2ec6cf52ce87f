/** Where in the page the profile goes. */
const MARKER = '<!--profile-->';

/** Id of the element that holds it. */
export const DATA_ID = 'jp-Profiler-data';

/**
 * The page that shows a profile with neither JupyterLab nor a network.
 *
 * @param template - the page without one
 * @param payload - of the wire format
 * @param charts - whether the page begins with charts; its template can draw them
 * @throws Error if the template has no place for a profile
 */
export function pageOf(
  template: string,
  payload: object,
  charts: boolean
): string {
  const parts = template.split(MARKER);
  if (parts.length !== 2) {
    throw new Error(
      `The page for profiles has ${parts.length - 1} places for one, not 1`
    );
  }
  // Nothing in a script element is markup, but what would end it.
  const data = JSON.stringify(payload).replaceAll('<', '\\u003c');
  const view = charts ? ' data-view="charts"' : '';
  return `${parts[0]}<script type="application/json" id="${DATA_ID}"${view}>${data}</script>${parts[1]}`;
}
