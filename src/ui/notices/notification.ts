import { openJob } from '../use-open-job.js';

/** False where the browser has none, as on a page that came neither over TLS nor from this machine. */
export function canBeAllowed(): boolean {
  return 'Notification' in window && Notification.permission === 'default';
}

/** Tells of a job in a tab that nobody looks at, where the user has allowed that; a click opens the job. */
export function notify(jobId: string, title: string, body: string): void {
  if (!document.hidden || !('Notification' in window) || Notification.permission !== 'granted') return;
  try {
    const notification = new Notification(title, { body, tag: jobId });
    notification.addEventListener('click', () => {
      window.focus();
      openJob(jobId);
      notification.close();
    });
  } catch {
    // Chrome on Android has them for service workers only; the title of the tab tells it there.
  }
}
