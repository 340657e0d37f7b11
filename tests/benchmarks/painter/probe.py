"""What runs inside the page: each move, release and key timed from its own event."""

# Moves count until a message after the next frame; releases and keys until two frames on.
PROBE = """
window.bench = {moves: [], releases: [], keys: [], long: []};
addEventListener('pointermove', (event) => {
  const at = event.timeStamp;
  requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => bench.moves.push(performance.now() - at);
    channel.port2.postMessage(0);
  });
}, true);
for (const [name, list] of [['pointerup', 'releases'], ['keydown', 'keys']]) {
  addEventListener(name, (event) => {
    const painted = () => bench[list].push(performance.now() - event.timeStamp);
    requestAnimationFrame(() => requestAnimationFrame(painted));
  }, true);
}
new PerformanceObserver((list) => bench.long.push(...list.getEntries().map((e) => e.duration)))
  .observe({entryTypes: ['longtask']});
"""
TWO_FRAMES = "() => new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)))"
# A worker fetches the full photo; the cost map follows when somebody first traces.
LOADED = """async () => {
  const all = ['resource', 'navigation'].flatMap((kind) => performance.getEntriesByType(kind));
  const page = all.reduce((sum, e) => sum + (e.transferSize || 0), 0);
  const { photoUrl } = document.querySelector('#painter').dataset;
  const head = await fetch(photoUrl, {method: 'HEAD'});
  return page + Number(head.headers.get('content-length'));
}"""
# The machine's own share: the same hand on a page with one small canvas and nothing else.
BLANK = """<!doctype html><title>blank</title><canvas id="stage" width="256" height="256"></canvas>
<style>body{margin:0}canvas{width:1200px;height:900px}</style>"""
SCRIBBLE = """() => {
  const c = document.querySelector('canvas').getContext('2d');
  addEventListener('pointermove', (e) => c.fillRect(e.clientX / 5, e.clientY / 5, 2, 2));
}"""
