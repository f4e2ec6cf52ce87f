/**
 * Results that views are tested with, and what a reader does with them.
 */
import type { IProfile } from '../../profile/model';
import { DEFAULT_VIEW_STATE, type IViewState } from '../../profile/viewState';
import { decode } from '../../wire';
import { sample } from '../../wire/__tests__/samples';
import * as later from '../later';
import { Result } from '../result';

/** A result in a state, with what is loaded later. */
export function resultOf(
  profile: IProfile,
  state: Partial<IViewState> = {},
  remember: (state: IViewState) => void = () => undefined
): Result {
  const all = { ...DEFAULT_VIEW_STATE, ...state };
  const result = new Result(profile, all, remember);
  result.useLater(later);
  return result;
}

/** The profile of a sample payload. */
export function sampleProfile(name: string): Promise<IProfile> {
  return decode(sample(name));
}

/** The text of a node as it reads, in one line. */
export function textOf(node: Node | null | undefined): string {
  return (node?.textContent ?? '').replaceAll('\u00a0', ' ').trim();
}

/** Texts of all elements that a selector finds. */
export function texts(node: ParentNode, selector: string): string[] {
  return [...node.querySelectorAll(selector)].map(textOf);
}

/** The only element that a selector finds, and whose text begins so. */
export function one<E extends HTMLElement = HTMLElement>(
  node: ParentNode,
  selector: string,
  text = ''
): E {
  const found = [...node.querySelectorAll<E>(selector)].filter(element =>
    textOf(element).startsWith(text)
  );
  if (found.length !== 1) {
    throw new Error(`${found.length} ${selector} begin with “${text}”`);
  }
  return found[0];
}

/** Press a key on an element; whether something took it. */
export function press(
  target: HTMLElement,
  key: string,
  init: KeyboardEventInit = {}
): boolean {
  return !target.dispatchEvent(
    new KeyboardEvent('keydown', {
      key,
      bubbles: true,
      cancelable: true,
      ...init
    })
  );
}

/** Click an element. */
export function click(target: Element, init: MouseEventInit = {}): void {
  target.dispatchEvent(new MouseEvent('click', { bubbles: true, ...init }));
}

/** Choose an option of a list by its text. */
export function choose(select: HTMLSelectElement, text: string): void {
  select.selectedIndex = [...select.options].findIndex(
    option => option.textContent === text
  );
  select.dispatchEvent(new Event('change', { bubbles: true }));
}
