# Sourced by deploy/quickstart and tests/run: how a long build is told to the person who waits for it.

# Two clones of the same files share what ccache knows, wherever they lie.
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1

# Compilers at once: one per core, but no more than the memory holds (the largest unit takes about 1.2 GB).
build_jobs() {
  local cores memory
  cores=$(nproc)
  memory=$(awk '/^MemAvailable/ { print int($2 / 1200000) }' /proc/meminfo)
  ((memory >= 1)) || memory=1
  echo $((cores < memory ? cores : memory))
}

# build_with_progress DIR TARGET...: ninja; at a terminal its own line, elsewhere a line each 10 s. What failed is printed.
build_with_progress() {
  local dir=$1 log=$1/build.log pid status=0 started=$SECONDS
  shift
  if [[ -t 1 ]]; then
    NINJA_STATUS='  [%p, %f of %t, %es] ' ninja -C "$dir" -j "$(build_jobs)" "$@" && return
    return 1
  fi
  NINJA_STATUS='[%p, %f of %t] ' ninja -C "$dir" -j "$(build_jobs)" "$@" >"$log" 2>&1 &
  pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    sleep 1
    (((SECONDS - started) % 10 == 0)) && [[ -s $log ]] &&
      printf '  %4ds %s\n' $((SECONDS - started)) "$(grep -a '^\[' "$log" | tail -n 1 | cut -c1-100)"
  done
  wait "$pid" || status=$?
  ((status == 0)) || { grep -aq "^FAILED" "$log" && sed -n "/^FAILED/,\$p" "$log" | head -n 80 || tail -n 20 "$log"; } >&2
  return "$status"
}
