/** The whole screen for the package, with a way back that is always in sight. */
export function fillScreen(stage) {
  const [open, close, leave] = ['open', 'close', 'leave'].map((name) => stage.querySelector(`[data-screen-${name}]`));
  if (!open || !close) return;
  open.hidden = false;

  const set = (full) => {
    stage.classList.toggle('is-full', full);
    document.documentElement.classList.toggle('has-full-package', full);
    open.hidden = full;
    close.hidden = !full;
    if (leave) leave.hidden = !full;
    (full ? close : open).focus();
  };
  open.addEventListener('click', () => {
    set(true);
    // Phones without the Fullscreen API still get the whole page.
    stage.requestFullscreen?.().catch(() => {});
  });
  close.addEventListener('click', () => {
    if (document.fullscreenElement) document.exitFullscreen().catch(() => {});
    set(false);
  });
  // The page's own quick exit lies behind the package now.
  leave?.addEventListener('click', () => document.querySelector('[data-quick-exit]')?.click());
  document.addEventListener('fullscreenchange', () => {
    if (!document.fullscreenElement && stage.classList.contains('is-full')) set(false);
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && stage.classList.contains('is-full')) set(false);
  });
}
