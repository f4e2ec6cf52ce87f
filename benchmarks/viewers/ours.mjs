// In the page: the call tree of this package, out of JupyterLab, built from lib/.
import '../../style/base.css';
import { NumberFormat } from '../../lib/profile/format.js';
import { NONE } from '../../lib/profile/indices.js';
import { placesOf } from '../../lib/profile/tree/places.js';
import { searchTree } from '../../lib/profile/tree/treeSearch.js';
import { treeOf } from '../../lib/profile/tree/treeOf.js';
import { searchFunctions } from '../../lib/profile/search.js';
import { DEFAULT_VIEW_STATE } from '../../lib/profile/viewState.js';
import { Result } from '../../lib/views/result.js';
import {
  FlameCanvas,
  readPalette,
  TreeView
} from '../../lib/views/tree/index.js';
import { FlamePane } from '../../lib/views/tree/flamePane.js';
import { decode } from '../../lib/wire/index.js';
import { clocked, settled, terms, timed, zoomTarget } from './frames.mjs';

const fill = (text, ...values) =>
  text.replace(/%(\d+)/g, (_, place) => `${values[Number(place) - 1]}`);
const trans = {
  __: fill,
  _n: (one, many, count, ...values) =>
    fill(count === 1 ? one : many, count, ...values),
  _p: (_, text, ...values) => fill(text, ...values)
};
const context = { trans, numbers: new NumberFormat('en') };

/** In a round: frames of a glide, moves of the pointer, boxes that are looked for. */
const GLIDE = 30;
const MOVES = 200;
const HITS = 100_000;

const pause = ms => new Promise(done => setTimeout(done, ms));

const host = document.getElementById('host');

/** Have all canvases drawn now, not when the frame is made: so that drawing is in the time. */
function raster(node = host) {
  for (const canvas of node.querySelectorAll('canvas')) {
    if (canvas.width > 0 && canvas.height > 0) {
      canvas.getContext('2d').getImageData(0, 0, 1, 1);
    }
  }
}

function paneOf(profile) {
  const { name } = profile.functions;
  return new FlamePane({
    label: 'picture',
    mostRows: 24,
    nameOf: func => name[func],
    linesOf: () => [],
    onActive: () => undefined,
    onZoom: () => undefined,
    onOpen: () => undefined,
    onMenu: () => undefined,
    onKey: () => false,
    onBeyond: () => undefined
  });
}

const tints = [
  ['--jp-brand-color1', 0.55],
  ['--jp-success-color1', 0.55],
  ['--jp-warn-color1', 0.55],
  ['--jp-mirror-editor-operator-color', 0.55],
  ['--jp-ui-font-color2', 0.35]
];

/** The picture alone, from the typed arrays of a decoded profile. */
async function picture(profile, found) {
  const metric = profile.metrics[0];
  let tree;
  let places;
  let pane;
  const first = await timed(() => {
    found.order = clocked(() => (tree = treeOf(profile, metric)));
    found.places = clocked(() => (places = placesOf(tree)));
    pane = paneOf(profile);
    host.append(pane.node);
    const { func } = tree;
    found.draw = clocked(() => {
      pane.show(
        { places, isUp: false, fillOf: node => func[node] % tints.length },
        NONE,
        NONE
      );
      pane.setPalette(readPalette(pane.node, tints));
      pane.layout();
      raster();
    });
  });
  found.pictureWork = first.work;
  found.picture = first.paint;

  const target = zoomTarget(tree);
  const { whole } = pane;
  const near = {
    from: places.start[target],
    to: places.start[target] + tree.total[target],
    row: Math.max(0, tree.depth[target] - 2)
  };
  const between = part => ({
    from: whole.from + (near.from - whole.from) * part,
    to: whole.to + (near.to - whole.to) * part,
    row: near.row * part
  });
  found.glide = [];
  for (let step = 1; step <= GLIDE; step++) {
    found.glide.push(
      clocked(() => {
        pane.see(between(step / GLIDE));
        raster();
      })
    );
    await settled();
  }
  found.zoomWork = [];
  found.zoom = [];
  for (let turn = 0; turn < 4; turn++) {
    for (const sight of [whole, near]) {
      const { work, paint } = await timed(() => {
        pane.see(sight);
        raster();
      });
      found.zoomWork.push(work);
      found.zoom.push(paint);
    }
  }
  pane.see(whole);

  found.marks = [];
  found.searchCount = [];
  for (const term of terms) {
    const { matches } = searchFunctions(
      profile,
      profile.files.label,
      term,
      false
    );
    found.marks.push(
      clocked(() => {
        pane.mark(matches, NONE);
        raster();
      })
    );
    found.searchCount.push(clocked(() => searchTree(tree, matches)));
    await settled();
  }

  let hits = 0;
  found.hitMicroseconds =
    (clocked(() => {
      for (let turn = 0; turn < HITS; turn++) {
        hits +=
          pane.hit((turn * 37) % pane.width, (turn * 11) % 400) === NONE
            ? 0
            : 1;
      }
    }) *
      1000) /
    HITS;
  if (hits === 0) {
    throw new Error('no place of the picture has a box');
  }
  pane.dispose();
  host.replaceChildren();
  found.length = tree.length;
}

/** The whole view as JupyterLab shows it, from the file of the payload on. */
async function view(address, found) {
  const began = performance.now();
  const payload = await (await fetch(address)).json();
  let profile;
  let result;
  let shown;
  found.read = performance.now() - began;
  const first = await timed(async () => {
    profile = await decode(payload);
    found.derived = clocked(() => {
      result = new Result(profile, DEFAULT_VIEW_STATE, () => undefined);
    });
    found.shown = clocked(() => {
      shown = new TreeView(result, context, () => undefined);
      result.onChange(before => shown.onChange(before));
      host.append(shown.node);
      shown.layout();
    });
    raster();
  });
  found.viewWork = first.work;
  found.view = first.paint;
  found.file = performance.now() - began;

  found.searchWork = [];
  found.search = [];
  for (const term of terms) {
    const { work, paint } = await timed(() => {
      result.update({ search: term });
      raster();
    });
    found.searchWork.push(work);
    found.search.push(paint);
  }
  result.update({ search: '' });
  await settled();

  const stage = shown.node.querySelector('.jp-Profiler-flame');
  const press = key =>
    stage.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
  press('Home');
  press('ArrowDown');
  await settled();
  // The glide begins in the next frame.
  found.zoomKey = clocked(() => press(' '));
  await pause(500);
  press('0');
  await pause(500);
  const { left, top, width, height } = stage.getBoundingClientRect();
  const { draw } = FlameCanvas.prototype;
  found.redraws = 0;
  FlameCanvas.prototype.draw = function () {
    found.redraws++;
    draw.call(this);
  };
  found.hover = [];
  let told = 0;
  for (let move = 0; move < MOVES; move++) {
    const event = new PointerEvent('pointermove', {
      bubbles: true,
      clientX: left + ((move * 37) % width),
      clientY: top + ((move * 11) % height)
    });
    found.hover.push(clocked(() => stage.dispatchEvent(event)));
    const tip = stage.querySelector('.jp-Profiler-tip');
    told += tip && !tip.hidden && tip.textContent ? 1 : 0;
    if (move % 20 === 0) {
      await settled();
    }
  }
  FlameCanvas.prototype.draw = draw;
  if (told === 0) {
    throw new Error('the pointer met no box');
  }
}

/** One round: all figures of a payload, in ms. */
async function measure(address) {
  await document.fonts.ready;
  const found = {};
  await settled();
  found.idle = (await timed(() => undefined)).paint;
  const payload = await (await fetch(address)).json();
  const began = performance.now();
  const profile = await decode(payload);
  found.decode = performance.now() - began;
  await settled();
  await picture(profile, found);
  await settled();
  await view(address, found);
  return found;
}

window.measure = measure;
