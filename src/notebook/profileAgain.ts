import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { nullTranslator, type ITranslator } from '@jupyterlab/translation';

import { Widget } from '@lumino/widgets';

import { TRANSLATION_DOMAIN, type ICodePlace } from '../tokens';
import { magicLine } from './arming';
import { findCell } from './panels';
import { profileCells } from './profileCells';

/** Lines of a cell that the question shows, and characters of each. */
const SHOWN_LINES = 6;
const SHOWN_CHARACTERS = 80;

/** Whether the reader wants no more questions, until the page is loaded again. */
let isAgreed = false;

/**
 * Run a cell again, after the reader has agreed, and measure functions and lines of that run, or sample its compiled
 * code.
 *
 * @param cell - id of the cell
 * @param place - where the function begins whose lines are wanted; `null`: compiled code is wanted
 * @param from - node that the reader came from
 * @returns whether the cell was run. It never rejects
 */
export async function profileAgain(
  cell: string,
  place: ICodePlace | null,
  from: HTMLElement,
  tracker: INotebookTracker | null,
  translator: ITranslator | null
): Promise<boolean> {
  const trans = (translator ?? nullTranslator).load(TRANSLATION_DOMAIN);
  const found = findCell(cell, from, tracker);
  const model = found?.panel.content.widgets[found.index].model;
  if (
    !found ||
    model?.type !== 'code' ||
    !(await isWanted(model.sharedModel.getSource(), place === null, trans))
  ) {
    return false;
  }
  const line = place
    ? // Functions of the notebook are measured without being named.
      magicLine('both', place.cell === '' ? place : undefined)
    : magicLine('native');
  await profileCells(found.panel, [cell], trans, line, true);
  return true;
}

/**
 * Ask whether the cell may run again: what it does, it does a second time.
 */
async function isWanted(
  text: string,
  isNative: boolean,
  trans: IRenderMime.TranslationBundle
): Promise<boolean> {
  if (isAgreed) {
    return true;
  }
  const answer = await showDialog({
    title: isNative
      ? trans.__('Run this cell again to profile it natively?')
      : trans.__('Run this cell again to profile lines?'),
    body: question(
      text,
      isNative
        ? trans.__(
            'Compiled code is sampled while it runs, so all that the cell does happens again:'
          )
        : trans.__(
            'Lines are measured while code runs, so all that the cell does happens again:'
          )
    ),
    checkbox: {
      label: trans.__('Do not ask again until the page is reloaded'),
      caption: trans.__('Cells run again at once when you profile more.'),
      checked: false
    },
    buttons: [
      Dialog.cancelButton({ label: trans.__('Cancel') }),
      Dialog.okButton({ label: trans.__('Run Again') })
    ]
  });
  isAgreed = answer.button.accept && answer.isChecked === true;
  return answer.button.accept;
}

/** What is going to happen, with the cell's first lines. */
function question(text: string, says: string): Widget {
  const body = new Widget();
  const sentence = document.createElement('p');
  sentence.textContent = says;
  const code = document.createElement('pre');
  code.textContent = excerpt(text);
  body.node.append(sentence, code);
  return body;
}

/** The first lines of a cell. */
function excerpt(text: string): string {
  const lines = text.split(/\r\n|\r|\n/);
  const shown = lines
    .slice(0, SHOWN_LINES)
    .map(line =>
      line.length > SHOWN_CHARACTERS
        ? `${line.slice(0, SHOWN_CHARACTERS - 1)}…`
        : line
    );
  return [...shown, ...(lines.length > SHOWN_LINES ? ['…'] : [])].join('\n');
}
