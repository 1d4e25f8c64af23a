#include "app/signals.hpp"

#include <ctime>

namespace troupe::app {

Signals::Signals() {
  std::signal(SIGPIPE, SIG_IGN);
  sigemptyset(&set_);
  for (const int s : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&set_, s);
  pthread_sigmask(SIG_BLOCK, &set_, nullptr);
}

int Signals::wait() {
  int signal = 0;
  sigwait(&set_, &signal);
  return signal;
}

bool Signals::end_asked() {
  const timespec none{};
  const int signal = sigtimedwait(&set_, nullptr, &none);
  return signal == SIGINT || signal == SIGTERM;
}

}  // namespace troupe::app
