import { LabIcon } from '@jupyterlab/ui-components';

/** A stopwatch that starts something. Its colours are the theme's. */
export const profileIcon = new LabIcon({
  name: 'jupyterlab-profiler:profile',
  svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24">
  <g class="jp-icon3" fill="#616161">
    <path d="M9 1h6v2H9z"/>
    <path d="M19.03 7.39l1.42-1.42c-.43-.51-.9-.99-1.41-1.41l-1.42 1.42A9 9 0 1 0 21 13a8.94 8.94 0 0 0-1.97-5.61zM12 20a7 7 0 1 1 0-14 7 7 0 0 1 0 14z"/>
    <path d="M9.8 9.2v7.6l6.2-3.8z"/>
  </g>
</svg>`
});
