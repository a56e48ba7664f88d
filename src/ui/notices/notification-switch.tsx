import { useState } from 'react';
import { strings } from '../strings.js';
import { canBeAllowed } from './notification.js';

/** Gone once the browser has been told; its own settings change that. */
export function NotificationSwitch() {
  const [isOffered, setOffered] = useState(canBeAllowed);
  if (!isOffered) return null;
  const ask = async () => {
    await Notification.requestPermission();
    setOffered(canBeAllowed());
  };
  return (
    <button type="button" onClick={() => void ask()}>
      {strings.notices.allow}
    </button>
  );
}
