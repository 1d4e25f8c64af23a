#pragma once
// An office over a directory of its own, whose lines the test answers.
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gateway/batch/office.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/manual_clock.hpp"

namespace troupe::batch::testing {

using troupe::testing::Folder;

inline std::string input_line(const std::string& id, const std::string& text = "hi") {
  return R"({"custom_id":")" + id +
         R"(","method":"POST","url":"/v1/chat/completions","body":{"model":"m","t":")" + text + "\"}}\n";
}

class Desk {
 public:
  troupe::testing::ManualClock clock;
  Folder folder;
  Figures figures;
  config::Batches batches;
  std::vector<Work> asked;  ///< lines that are under way
  std::unique_ptr<Office> office;

  Desk() { open(); }
  /// As after a crash: nothing is said to the office before.
  void open() {
    asked.clear();
    auto store = Store::open(folder.path());
    REQUIRE(store);
    Office::Options options{
        "n", &clock, seed_++, batches, [this](Work work) { asked.push_back(std::move(work)); }, &figures};
    office = std::make_unique<Office>(std::move(options), std::move(*store));
  }
  void crash() {
    office.reset();
    open();
  }
  void work() {
    while (office->work()) {
    }
  }
  void pass(Duration span) {
    clock.advance(span);
    work();
  }

  File upload(const std::string& text, const std::string& tenant = "team") {
    const auto name = office->begin_upload();
    REQUIRE(name);
    REQUIRE(office->append(*name, text));
    const auto file = office->commit(*name, {{tenant, "prod"}, "in.jsonl", "batch", {}});
    REQUIRE(file);
    return *file;
  }
  Json ask(What what, const std::string& id, const std::string& tenant = "team", int status = 200) {
    Question question;
    question.what = what;
    question.owner = {tenant, "prod"};
    question.id = id;
    question.with = {{"endpoint", "/v1/chat/completions"},
                     {"completion_window", "24h"},
                     {"window", 24 * 3600},
                     {"metadata", {{"a", "b"}}}};
    const auto answer = office->answer(question);
    CHECK(answer.status == status);
    return Json::parse(answer.text);
  }
  std::string text_of(const std::string& id, std::uint64_t offset = 0) {
    Question question;
    question.what = What::read_file;
    question.owner.tenant = "team";
    question.id = id;
    question.offset = offset;
    const auto answer = office->answer(question);
    CHECK(answer.status == 200);
    return answer.text;
  }
  /// A batch over these lines, validated and begun.
  std::string batch(const std::string& text) {
    const auto made = ask(What::make_batch, upload(text).id);
    work();
    return made["id"];
  }
  Json status(const std::string& batch) { return ask(What::show_batch, batch); }
  /// Answers what is under way, by custom body; what comes of it starts.
  void answer(const LineAnswer& with) {
    auto all = std::move(asked);
    asked.clear();
    for (const auto& one : all) office->answered(one.batch, one.line, with);
    work();
  }

 private:
  std::uint64_t seed_ = 1;
};

inline const LineAnswer kGood{200, "req_1", R"({"ok":true})", {}};

/// The custom ids of an output, in order.
inline std::vector<std::string> names(const std::string& output) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < output.size();) {
    const auto end = output.find('\n', at);
    out.push_back(Json::parse(output.substr(at, end - at))["custom_id"]);
    at = end + 1;
  }
  return out;
}

}  // namespace troupe::batch::testing
