// What runs inside the page. Each function is sent there as text: it knows its arguments
// and `window`, nothing of this file.

/**
 * For every frame of the page. The top frame gets `window.bench`; a frame inside, where some
 * tools show their result, tells by the binding `benchSeen` when something is to be seen in it.
 */
export function install() {
  const now = () => performance.timeOrigin + performance.now();
  const afterPaint = work =>
    requestAnimationFrame(() => {
      // A task that is queued before a frame is painted runs after it.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = work;
      port2.postMessage(null);
    });

  if (window !== window.top) {
    const many = what => document.querySelectorAll(what).length > 5;
    const seen = () => {
      if (location.pathname.startsWith('/snakeviz/')) {
        return many('#chart svg *') && 'snakeviz';
      }
      if (location.protocol !== 'about:') {
        return false;
      }
      if (many('svg rect')) {
        return 'tuna';
      }
      return (
        /log_lines|realistic/.test(document.body?.innerText ?? '') &&
        document.body.getBoundingClientRect().width > 50 &&
        'pyinstrument'
      );
    };
    const look = () => {
      const tool = seen();
      if (tool) {
        afterPaint(() => window.benchSeen(tool, now()));
      } else {
        requestAnimationFrame(look);
      }
    };
    requestAnimationFrame(look);
    return;
  }

  const visible = {
    ours: node =>
      node
        .querySelector('.jp-Profiler[data-state="ready"] tbody tr')
        ?.getBoundingClientRect().height > 0,
    prun: node =>
      [...node.querySelectorAll('.jp-OutputArea-output')].some(output =>
        /function calls/.test(output.textContent)
      )
  };

  window.bench = {
    /** Run a cell; resolves with the times of its request and of the kernel's idle status. */
    async run(index, tool) {
      const panel = window.jupyterapp.shell.currentWidget;
      const { kernel } = panel.sessionContext.session;
      const times = { sent: 0, idle: 0 };
      let request;
      const onMessage = (_, { msg, direction }) => {
        if (msg.header.msg_type === 'execute_request' && direction === 'send') {
          request = msg.header.msg_id;
          times.sent = now();
        } else if (
          msg.header.msg_type === 'status' &&
          msg.content.execution_state === 'idle' &&
          msg.parent_header.msg_id === request
        ) {
          // When the kernel said so: a busy page hears of it late. One machine, one clock.
          times.idle = Date.parse(msg.header.date);
        }
      };
      kernel.anyMessage.connect(onMessage);
      panel.content.activeCellIndex = index;
      const { node } = panel.content.widgets[index];
      let looking = Boolean(visible[tool]);
      const look = () => {
        if (looking && visible[tool](node)) {
          afterPaint(() => window.benchSeen(tool, now()));
        } else if (looking) {
          requestAnimationFrame(look);
        }
      };
      requestAnimationFrame(look);
      window.bench.stopLooking = () => (looking = false);
      try {
        await window.jupyterapp.commands.execute('notebook:run-cell');
        for (const limit = now() + 5000; !times.idle && now() < limit;) {
          await new Promise(done => setTimeout(done, 5));
        }
      } finally {
        kernel.anyMessage.disconnect(onMessage);
      }
      const { outputs } = panel.content.widgets[index].model.sharedModel;
      const error = outputs.find(output => output.output_type === 'error');
      return { ...times, error: error && `${error.ename}: ${error.evalue}` };
    },
    clear(index) {
      const { widgets } = window.jupyterapp.shell.currentWidget.content;
      widgets[index].outputArea.model.clear();
    }
  };
}
