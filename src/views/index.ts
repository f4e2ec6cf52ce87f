/**
 * All that a result needs, loaded on demand as one chunk.
 */
export { draw, drawProfile, type IDrawn } from './draw';
export type { IHost } from './profileView';
export { DEFAULT_VIEW_STATE, readViewState } from '../profile/viewState';
export { ViewStates } from './viewStates';
