// In the page: d3-flame-graph, with the tree that this package makes of the same payload.
import flamegraph, { tooltip } from 'd3-flame-graph';
import { select } from 'd3-selection';

import { treeOf } from '../../lib/profile/tree/treeOf.js';
import { decode } from '../../lib/wire/index.js';
import { settled, terms, timed, zoomTarget } from './frames.mjs';

const host = document.getElementById('host');

/** Nested objects, which it draws, and the one to zoom to. */
function nested(profile, tree) {
  const { name } = profile.functions;
  const objects = new Array(tree.length);
  for (let node = 0; node < tree.length; node++) {
    objects[node] = {
      name: name[tree.func[node]],
      value: tree.total[node],
      children: []
    };
    if (tree.parent[node] >= 0) {
      objects[tree.parent[node]].children.push(objects[node]);
    }
  }
  return { top: objects[0], target: objects[zoomTarget(tree)] };
}

/** One round. `least`: boxes below so many px are left out; 0, its default, leaves out none. */
async function measure(address, least) {
  const payload = await (await fetch(address)).json();
  const profile = await decode(payload);
  const { top, target } = nested(profile, treeOf(profile, profile.metrics[0]));
  const chart = flamegraph()
    .width(1200)
    .cellHeight(18)
    .transitionDuration(0)
    .inverted(true)
    .minFrameSize(least)
    .tooltip(tooltip.defaultFlamegraphTooltip());
  await settled();
  const layout = () => host.getBoundingClientRect();
  const found = {};
  const first = await timed(() => {
    select(host).datum(top).call(chart);
    layout();
  });
  found.picture = first.paint;
  found.boxes = host.querySelectorAll('g.frame').length;
  let place = null;
  select(host)
    .datum()
    .each(each => {
      if (each.data === target) {
        place = each;
      }
    });
  if (found.boxes < 10 || !place) {
    throw new Error('d3-flame-graph drew next to nothing');
  }
  found.zoom = [];
  for (let turn = 0; turn < 2; turn++) {
    for (const step of [() => chart.zoomTo(place), () => chart.resetZoom()]) {
      const { paint } = await timed(() => {
        step();
        layout();
      });
      found.zoom.push(paint);
    }
  }
  found.search = [];
  for (const term of terms.slice(0, 3)) {
    const { paint } = await timed(() => {
      chart.search(term);
      layout();
    });
    found.search.push(paint);
  }
  chart.clear();
  await settled();
  const frames = host.querySelectorAll('g.frame');
  found.hover = [];
  for (let move = 0; move < 20; move++) {
    const frame = frames[Math.min(frames.length - 1, 2 + move)];
    const { left, top: above } = frame.getBoundingClientRect();
    const enter = new MouseEvent('mouseover', {
      bubbles: true,
      clientX: left + 1,
      clientY: above + 1
    });
    const began = performance.now();
    frame.dispatchEvent(enter);
    layout();
    found.hover.push(performance.now() - began);
    frame.dispatchEvent(new MouseEvent('mouseout', { bubbles: true }));
  }
  return found;
}

window.measure = measure;
