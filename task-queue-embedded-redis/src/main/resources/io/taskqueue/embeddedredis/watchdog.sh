# Runs a server and ends it when the process that holds the other end of standard input is gone.
#
# $1      the server's home, removed with the server when that process is gone
# $2 ...  the server's command line
#
# Standard input: names of signals for the server, one per line.
# Exit status: the server's, once it has ended and nothing of this script is left.

# Ctrl-C and the like go to the application's whole process group: the application decides what becomes of the server.
trap '' INT QUIT HUP TERM

home=$1
shift

# Background commands lose standard input; descriptor 3 stays.
exec 3<&0

# Redis handles Ctrl-C itself, so it must not be in the group. macOS has no setsid, but its shell is a bash.
if command -v setsid >/dev/null 2>&1; then
  set -- setsid "$@"
elif [ -n "$BASH_VERSION" ]; then
  set -m
fi
"$@" </dev/null 3<&- &
server=$!
set +m

(
  while read -r signal; do
    kill -s "$signal" "$server"
  done
  # Not one after the other: a slow disk must not keep the server alive, nor the server's end keep the files.
  rm -rf -- "$home" &
  kill -s KILL "$server"
) <&3 2>/dev/null &
watchdog=$!
exec 3<&-

wait "$server"
status=$?
kill -s KILL "$watchdog" 2>/dev/null
wait "$watchdog" 2>/dev/null
exit "$status"
