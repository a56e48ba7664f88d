/** A live WebSocket, with an entry for each operation that goes on. */
interface Connection {
  readonly subscriptions: Readonly<Record<string, unknown>>;
}

/** The live WebSockets of each user, and what goes on over them. */
export class UserConnections {
  readonly #ofUsers = new Map<string, Set<Connection>>();
  readonly #users = new Map<Connection, string>();

  open(user: string, connection: Connection): void {
    this.#users.set(connection, user);
    const connections = this.#ofUsers.get(user);
    if (connections) connections.add(connection);
    else this.#ofUsers.set(user, new Set([connection]));
  }

  /** May be said of one that was never opened. */
  close(connection: Connection): void {
    const user = this.#users.get(connection);
    if (user === undefined) return;
    this.#users.delete(connection);
    const connections = this.#ofUsers.get(user);
    connections?.delete(connection);
    if (connections?.size === 0) this.#ofUsers.delete(user);
  }

  connectionsOf(user: string): number {
    return this.#ofUsers.get(user)?.size ?? 0;
  }

  subscriptionsOf(user: string): number {
    let count = 0;
    for (const { subscriptions } of this.#ofUsers.get(user) ?? []) count += Object.keys(subscriptions).length;
    return count;
  }
}
