/**
 * All that a result needs, loaded on demand as one chunk.
 */
export { NumberFormat } from '../profile/format';
export { button, clipped, element } from './dom';
export { draw, drawProfile, type IDrawn } from './draw';
export type { IHost } from './profileView';
export { DEFAULT_VIEW_STATE, readViewState } from '../profile/viewState';
export { ViewStates } from './viewStates';
