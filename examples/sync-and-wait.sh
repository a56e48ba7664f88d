#!/bin/sh
# Starts a sync and waits for its end. Ends with 0 where it has succeeded, 1 where it failed or was canceled, 2 where the
# server refused it, 3 where no server answers; says why on stderr.
#
#   ACTUAL_JOBS_URL    of the server; http://localhost:4000 if not set
#   ACTUAL_JOBS_TOKEN  where users sign in
set -eu

url=${ACTUAL_JOBS_URL:-http://localhost:4000}
url=${url%/}

# Asks in GraphQL; the answer is one line of JSON. The token is not among the arguments, which others can see.
ask() {
  if [ -n "${ACTUAL_JOBS_TOKEN:-}" ]; then
    printf 'header = "Authorization: Bearer %s"\n' "$ACTUAL_JOBS_TOKEN"
  fi | curl --silent --show-error --max-time 20 --config - \
    --header 'content-type: application/json' --data "$1" "$url/graphql" || exit 3
}

# The text of a field that is in the answer once.
field() {
  printf '%s' "$answer" | sed -nE "s/.*\"$1\":\"(([^\"\\\\]|\\\\.)*)\".*/\1/p"
}

answer=$(ask '{"query":"mutation { startJob(input: { type: SYNC }) { job { id } } }"}')
id=$(field id)
if [ -z "$id" ]; then
  echo "$(field message) ($(field code))" >&2
  exit 2
fi

while :; do
  answer=$(ask "{\"query\":\"{ job(id: \\\"$id\\\") { status failure { message action } } }\"}")
  case $(field status) in
    SUCCEEDED) exit 0 ;;
    FAILED)
      echo "$(field message) $(field action)" >&2
      exit 1
      ;;
    CANCELED)
      echo 'The sync was canceled.' >&2
      exit 1
      ;;
    QUEUED | RUNNING) sleep 1 ;;
    *)
      # The job goes on whatever the server says of this question; some answers are for now only.
      case $(field code) in
        RATE_LIMITED | EVENT_STORE_UNAVAILABLE) sleep 5 ;;
        *)
          echo "$(field message) ($(field code))" >&2
          exit 2
          ;;
      esac
      ;;
  esac
done
