#include "app/cli/top.hpp"

#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <ostream>

#include "app/cli/node.hpp"
#include "app/cli/top_frame.hpp"

namespace troupe::cli {
namespace {

/// Keys arrive one by one, the cursor is hidden and the other screen is shown, for as long as it lives.
class RawTerminal {
 public:
  explicit RawTerminal(std::ostream& out) : out_(out) {
    ::tcgetattr(STDIN_FILENO, &before_);
    auto raw = before_;
    raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | ISIG);
    ::tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    out_ << "\033[?1049h\033[?25l" << std::flush;
  }
  ~RawTerminal() {
    out_ << "\033[?25h\033[?1049l" << std::flush;
    ::tcsetattr(STDIN_FILENO, TCSANOW, &before_);
  }
  RawTerminal(const RawTerminal&) = delete;
  RawTerminal& operator=(const RawTerminal&) = delete;

 private:
  std::ostream& out_;
  termios before_{};
};

void measure(TopView& view) {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0) return;
  view.rows = size.ws_row;
  view.columns = size.ws_col;
}

/// A key within a second; 0 when none was pressed. End of input is q.
char wait_key() {
  pollfd input{STDIN_FILENO, POLLIN, 0};
  if (::poll(&input, 1, 1000) <= 0) return 0;
  char key = 0;
  return ::read(STDIN_FILENO, &key, 1) == 1 ? key : 'q';
}

/// Complaints would tear the screen: they are drawn instead.
TopData ask(const Context& context, const TopView& view, TopData before) {
  auto quiet = context;
  std::ostream nowhere(nullptr);
  quiet.err = &nowhere;
  const auto overview = ask_admin(quiet, "GET", "/overview");
  const auto pane = ask_admin(quiet, "GET", pane_target(view));
  if (overview && pane) return {overview->body, {}, pane->body, {}};
  before.trouble = "no answer from " + context.globals.admin + "; trying again";
  return before;
}

int show_once(const Context& context, TopView view) {
  const auto overview = ask_admin(context, "GET", "/overview");
  if (!overview) return overview.error();
  const auto pane = ask_admin(context, "GET", pane_target(view));
  if (!pane) return pane.error();
  view.rows = 1000;
  view.columns = 200;
  if (!print_json(context, overview->body))
    *context.out << top_frame({overview->body, {}, pane->body, {}}, view);
  return done;
}

}  // namespace

int run_top(const Context& context) {
  TopView view;
  view.color = context.color();
  if (!context.tty || ::isatty(STDIN_FILENO) == 0 || context.globals.json) return show_once(context, view);
  const auto first = ask_admin(context, "GET", "/version");
  if (!first) return first.error();
  const RawTerminal raw(*context.out);
  TopData data;
  do {
    measure(view);
    data = ask(context, view, std::move(data));
    *context.out << "\033[H\033[J" << top_frame(data, view) << std::flush;
  } while (press(view, wait_key()));
  return done;
}

}  // namespace troupe::cli
