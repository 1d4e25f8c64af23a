#include "gateway/batch/front.hpp"

#include <future>

#include "gateway/batch/ids.hpp"
#include "tests/gateway/batch/desk.hpp"

using namespace std::chrono_literals;

namespace troupe::batch::testing {
namespace {

/// A service whose lines are all answered at once.
struct Node {
  Folder folder;
  std::unique_ptr<Service> service;

  explicit Node(const std::string& name) {
    Service::Options options;
    options.directory = folder.path() / "batches";
    options.node = name;
    options.clock = &real_clock();
    options.call = [](const Work&, const Service::Called& called) { called(kGood); };
    auto started = Service::start(std::move(options));
    REQUIRE(started);
    service = std::move(*started);
  }
  std::string upload(const std::string& text) const {
    std::promise<std::string> out;
    service->begin_upload([&](Result<std::string> name) {
      service->append(*name, text, [&, name = *name](const Result<void>&) {
        service->commit(name, {{"team", ""}, "f", "batch", {}},
                        [&](Result<File> file) { out.set_value(file ? file->id : ""); });
      });
    });
    return out.get_future().get();
  }
};

Question about(What what, const std::string& id = {}) {
  Question out;
  out.what = what;
  out.owner.tenant = "team";
  out.id = id;
  out.with = {{"endpoint", "/v1/chat/completions"}, {"completion_window", "1h"}, {"window", 3600}};
  return out;
}

Answer ask(const Front& front, const Question& question) {
  std::promise<Answer> out;
  front.ask(question, [&](Answer answer) { out.set_value(std::move(answer)); });
  return out.get_future().get();
}

/// Two nodes of a cluster, "a" and "b"; b can be gone.
struct Town {
  Node a{"a"}, b{"b"};
  bool here = true, answers = true;
  Front front_b{{"b", b.service.get()}};
  Front front_a{{"a", a.service.get(),
                 [this] { return here ? std::vector<std::string>{"b"} : std::vector<std::string>{}; },
                 [this](std::vector<std::string> nodes, const std::string& text,
                        const std::function<void(std::vector<Front::NodeAnswer>)>& done) {
                   if (!answers) return done({{nodes.front(), 0, {}}});
                   front_b.serve(text, [done](int status, std::string told) {
                     done({{"b", status, std::move(told)}});
                   });
                 }}};
};

TEST_CASE("a thing of another node is answered as if it were here") {
  Town town;
  const auto file = town.b.upload(input_line("r"));
  CHECK(ask(town.front_a, about(What::show_file, file)).status == 200);
  CHECK(ask(town.front_a, about(What::read_file, file)).text == input_line("r"));
  const auto made = ask(town.front_a, about(What::make_batch, file));
  REQUIRE(made.status == 200);
  const std::string batch = Json::parse(made.text)["id"];
  CHECK(read_id(batch)->node == "b");
  CHECK(ask(town.front_a, about(What::show_batch, batch)).status == 200);
  CHECK(ask(town.front_a, about(What::show_file, "file-unknown")).status == 404);
}

TEST_CASE("a list is of all nodes that answer") {
  Town town;
  const auto first = town.a.upload("x"), second = town.b.upload("x");
  const auto count = [&] {
    return Json::parse(ask(town.front_a, about(What::list_files)).text)["data"].size();
  };
  CHECK(count() == 2);
  town.answers = false;
  CHECK(count() == 1);
  town.here = false;
  CHECK(count() == 1);
}

TEST_CASE("a thing of a node that does not answer is not there now, and that is said") {
  Town town;
  const auto file = town.b.upload("x");
  town.answers = false;
  auto answer = ask(town.front_a, about(What::show_file, file));
  CHECK(answer.status == 503);
  CHECK(Json::parse(answer.text)["code"] == "node_unreachable");
  town.here = false;
  CHECK(ask(town.front_a, about(What::show_file, file)).status == 503);
}

TEST_CASE("a node without a store says what it lacks") {
  const Front front({"n", nullptr});
  const auto answer = ask(front, about(What::list_files));
  CHECK(answer.status == 404);
  CHECK(Json::parse(answer.text)["code"] == "no_store");
  int status = 0;
  front.serve(to_text(about(What::list_files)), [&](int code, const std::string&) { status = code; });
  CHECK(status == 404);
}

TEST_CASE("another node's nonsense is refused") {
  Town town;
  std::promise<int> status;
  town.front_b.serve("{}", [&](int code, const std::string&) { status.set_value(code); });
  CHECK(status.get_future().get() == 400);
  CHECK(merged({{"a", 200, "nonsense"}, {"b", 200, R"({"data":7})"}, {"c", 413, ""}}, {}).status == 200);
}

TEST_CASE("the service works through a batch on its own thread") {
  Town town;
  const auto file = town.a.upload(input_line("r1") + input_line("r2"));
  const std::string batch = Json::parse(ask(town.front_a, about(What::make_batch, file)).text)["id"];
  std::string status;
  for (int i = 0; i < 100'000 && status != "completed"; ++i)
    status = Json::parse(ask(town.front_a, about(What::show_batch, batch)).text)["status"];
  CHECK(status == "completed");
  CHECK(town.a.service->figures().good == 2);
}

}  // namespace
}  // namespace troupe::batch::testing
