/** Saving a profile as a file, for other tools and other people. */
export { saveAs } from './dialog';
export { DATA_ID } from './page';
