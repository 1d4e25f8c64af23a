#pragma once
// tests/support/postgres_server, held for a test.
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>

namespace troupe::keystore {

class PostgresServer {
 public:
  PostgresServer() {
    std::array<int, 2> in{}, out{};
    if (pipe(in.data()) != 0 || pipe(out.data()) != 0) throw std::runtime_error("pipe");
    const auto* source = std::getenv("TROUPE_SOURCE_DIR");
    const auto script = std::string(source ? source : ".") + "/tests/support/postgres_server";
    child_ = fork();
    if (child_ == 0) {
      dup2(in[0], STDIN_FILENO);
      dup2(out[1], STDOUT_FILENO);
      for (const int fd : {in[0], in[1], out[0], out[1]}) close(fd);
      execl(script.c_str(), script.c_str(), nullptr);
      _exit(127);
    }
    close(in[0]);
    close(out[1]);
    to_ = in[1];
    from_ = fdopen(out[0], "r");
    said_ = line();
  }
  ~PostgresServer() {
    close(to_);
    fclose(from_);
    waitpid(child_, nullptr, 0);
  }
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  bool runs() const { return said_.starts_with("postgresql://"); }
  /// Its URI, or why there is none.
  const std::string& said() const { return said_; }
  void stop() { tell("stop\n"); }
  void start() { tell("start\n"); }

 private:
  void tell(const std::string& what) {
    if (write(to_, what.data(), what.size()) < 0) throw std::runtime_error("the server's script is gone");
    line();
  }
  std::string line() {
    std::array<char, 512> text{};
    std::string out = fgets(text.data(), text.size(), from_) ? text.data() : "";
    while (!out.empty() && out.back() == '\n') out.pop_back();
    return out;
  }

  pid_t child_ = 0;
  int to_ = -1;
  FILE* from_ = nullptr;
  std::string said_;
};

}  // namespace troupe::keystore
