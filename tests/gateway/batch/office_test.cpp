#include "gateway/batch/office.hpp"

#include "tests/gateway/batch/desk.hpp"

using namespace std::chrono_literals;

namespace troupe::batch::testing {
namespace {

std::string inputs(int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += input_line("r" + std::to_string(i));
  return out;
}

TEST_CASE("a batch is validated, worked through and put together in the input's order") {
  Desk desk;
  const auto id = desk.batch(inputs(3));
  CHECK(desk.status(id)["status"] == "in_progress");
  CHECK(desk.status(id)["request_counts"]["total"] == 3);
  REQUIRE(desk.asked.size() == 3);
  CHECK(desk.asked[0].url == "/v1/chat/completions");
  CHECK(desk.asked[0].body == R"({"model":"m","t":"hi"})");
  CHECK(desk.asked[0].owner.tenant == "team");
  CHECK(desk.asked[0].owner.key == "prod");
  std::reverse(desk.asked.begin(), desk.asked.end());
  desk.answer(kGood);
  const auto done = desk.status(id);
  CHECK(done["status"] == "completed");
  CHECK(done["request_counts"].dump() == R"({"total":3,"completed":3,"failed":0})");
  CHECK(done["error_file_id"].is_null());
  CHECK(names(desk.text_of(done["output_file_id"])) == std::vector<std::string>{"r0", "r1", "r2"});
  CHECK(desk.ask(What::show_file, done["output_file_id"])["purpose"] == "batch_output");
  CHECK(desk.figures.good == 3);
  CHECK(desk.figures.active == 0);
}

TEST_CASE("refused lines stand in the file of errors, with their answer") {
  Desk desk;
  const auto id = desk.batch(inputs(2));
  desk.office->answered(id, 0, {400, "req_1", R"({"error":{"message":"no"}})", {}});
  desk.office->answered(id, 1, kGood);
  desk.work();
  const auto done = desk.status(id);
  CHECK(done["request_counts"].dump() == R"({"total":2,"completed":1,"failed":1})");
  const auto errors = Json::parse(desk.text_of(done["error_file_id"]));
  CHECK(errors["custom_id"] == "r0");
  CHECK(errors["response"]["status_code"] == 400);
  CHECK(errors["response"]["body"]["error"]["message"] == "no");
  CHECK(errors["error"].is_null());
}

TEST_CASE("an input with mistakes makes a batch that failed, with their lines; nothing is called") {
  Desk desk;
  const auto id = desk.batch(input_line("a") + "nonsense\n" + input_line("a"));
  const auto failed = desk.status(id);
  CHECK(failed["status"] == "failed");
  CHECK(failed["errors"]["data"][0]["line"] == 2);
  CHECK(failed["errors"]["data"][1]["code"] == "duplicate_custom_id");
  CHECK(failed["failed_at"].is_number());
  CHECK(desk.asked.empty());
}

TEST_CASE("after a crash no finished line is asked for again, and what was under way is") {
  Desk desk;
  const auto id = desk.batch(inputs(6));
  REQUIRE(desk.asked.size() == 4);
  desk.office->answered(id, 1, kGood);
  desk.office->answered(id, 3, {400, "r", "{}", {}});
  desk.crash();
  desk.work();
  CHECK(desk.status(id)["request_counts"].dump() == R"({"total":6,"completed":1,"failed":1})");
  std::vector<std::size_t> lines;
  for (const auto& one : desk.asked) lines.push_back(one.line);
  CHECK(lines == std::vector<std::size_t>{0, 2, 4, 5});
  desk.answer(kGood);
  CHECK(desk.status(id)["status"] == "completed");
  CHECK(names(desk.text_of(desk.status(id)["output_file_id"])).size() == 5);
  CHECK(names(desk.text_of(desk.status(id)["error_file_id"])) == std::vector<std::string>{"r3"});
}

TEST_CASE("a journal whose last record is torn is cut there, and goes on") {
  Desk desk;
  const auto id = desk.batch(inputs(2));
  desk.office->answered(id, 0, kGood);
  const auto journal = desk.folder.path() / "batches" / (id + ".journal");
  const auto whole = std::filesystem::file_size(journal);
  {
    auto file = DiskFile::open(journal, DiskFile::For::writing);
    REQUIRE(file->write(*file->size(), R"(1 + {"id":"half)"));
  }
  desk.crash();
  desk.work();
  CHECK(std::filesystem::file_size(journal) == whole);
  REQUIRE(desk.asked.size() == 1);
  CHECK(desk.asked[0].line == 1);
  desk.answer(kGood);
  CHECK(names(desk.text_of(desk.status(id)["output_file_id"])) == std::vector<std::string>{"r0", "r1"});
}

TEST_CASE("a line that was answered is not answered again") {
  Desk desk;
  const auto id = desk.batch(inputs(2));
  desk.office->answered(id, 0, kGood);
  desk.office->answered(id, 0, kGood);
  CHECK(desk.status(id)["request_counts"].dump() == R"({"total":2,"completed":1,"failed":0})");
  desk.office->answered(id, 1, kGood);
  desk.work();
  CHECK(names(desk.text_of(desk.status(id)["output_file_id"])) == std::vector<std::string>{"r0", "r1"});
}

TEST_CASE("no room is no failure: the line waits as told, whatever its number of tries") {
  Desk desk;
  const auto id = desk.batch(inputs(1));
  for (int i = 0; i < 10; ++i) {
    REQUIRE(desk.asked.size() == 1);
    desk.answer({429, "r", "{}", 2s});
    CHECK(desk.asked.empty());
    desk.pass(30s);
  }
  desk.answer(kGood);
  CHECK(desk.status(id)["status"] == "completed");
  CHECK(desk.figures.waits == 10);
}

TEST_CASE("what cannot be answered before the window ends is refused at once, for example without money") {
  Desk desk;
  const auto id = desk.batch(inputs(1));
  desk.answer({429, "r", R"({"error":{"code":"budget_exhausted"}})", 25h});
  const auto done = desk.status(id);
  CHECK(done["request_counts"]["failed"] == 1);
  CHECK(Json::parse(desk.text_of(done["error_file_id"]))["response"]["body"]["error"]["code"] ==
        "budget_exhausted");
}

TEST_CASE("a broken answer is asked for three times, then it is an error") {
  Desk desk;
  const auto id = desk.batch(inputs(1));
  for (int i = 0; i < 3; ++i) {
    REQUIRE(desk.asked.size() == 1);
    desk.answer({0, "", "", {}});
    desk.pass(30s);
  }
  const auto done = desk.status(id);
  CHECK(done["status"] == "completed");
  CHECK(Json::parse(desk.text_of(done["error_file_id"]))["error"]["code"] == "invalid_answer");
}

TEST_CASE("a batch whose window ends is expired: what is unfinished stands in the file of errors") {
  Desk desk;
  const auto id = desk.batch(inputs(6));
  REQUIRE(desk.asked.size() == 4);
  desk.office->answered(id, 0, kGood);
  desk.pass(24h);
  CHECK(desk.status(id)["status"] == "in_progress");  // some are under way
  desk.office->answered(id, 1, {503, "r", "{}", 1s});
  desk.office->answered(id, 2, kGood);
  desk.office->answered(id, 3, kGood);
  desk.work();
  const auto done = desk.status(id);
  CHECK(done["status"] == "expired");
  CHECK(done["expired_at"].is_number());
  CHECK(names(desk.text_of(done["output_file_id"])) == std::vector<std::string>{"r0", "r2", "r3"});
  const auto errors = desk.text_of(done["error_file_id"]);
  CHECK(names(errors) == std::vector<std::string>{"r1", "r4", "r5"});
  CHECK(Json::parse(errors.substr(0, errors.find('\n')))["error"]["code"] == "batch_expired");
}

TEST_CASE("a cancelled batch starts nothing more, and keeps what is finished") {
  Desk desk;
  const auto id = desk.batch(inputs(6));
  desk.office->answered(id, 0, kGood);
  CHECK(desk.ask(What::cancel_batch, id)["status"] == "cancelling");
  desk.work();
  CHECK(desk.status(id)["status"] == "cancelling");
  CHECK(desk.asked.size() == 4);
  desk.office->answered(id, 1, kGood);
  desk.office->answered(id, 2, {429, "r", "{}", 1s});
  desk.office->answered(id, 3, kGood);
  desk.work();
  const auto done = desk.status(id);
  CHECK(done["status"] == "cancelled");
  CHECK(names(desk.text_of(done["output_file_id"])) == std::vector<std::string>{"r0", "r1", "r3"});
  CHECK(done["error_file_id"].is_null());
  desk.ask(What::cancel_batch, id, "team", 409);
}

TEST_CASE("a crash while a batch is put together only puts it together again") {
  Desk desk;
  const auto id = desk.batch(inputs(1));
  auto all = std::move(desk.asked);
  desk.office->answered(id, 0, kGood);
  desk.office->work();  // finalizing by now, and no further
  CHECK(desk.status(id)["status"] == "finalizing");
  desk.crash();
  desk.work();
  CHECK(desk.asked.empty());
  CHECK(desk.status(id)["status"] == "completed");
  CHECK(names(desk.text_of(desk.status(id)["output_file_id"])) == std::vector<std::string>{"r0"});
  desk.crash();
  CHECK(desk.status(id)["status"] == "completed");
}

TEST_CASE("a tenant sees only its own") {
  Desk desk;
  const auto id = desk.batch(inputs(1));
  const std::string file = desk.status(id)["input_file_id"];
  for (const auto what : {What::show_batch, What::cancel_batch}) desk.ask(what, id, "other", 404);
  for (const auto what : {What::show_file, What::read_file, What::delete_file})
    desk.ask(what, file, "other", 404);
  desk.ask(What::make_batch, file, "other", 400);
  CHECK(desk.ask(What::list_batches, "", "other")["data"].empty());
  CHECK(desk.ask(What::list_files, "", "other")["data"].empty());
  CHECK(desk.ask(What::list_batches, "")["data"].size() == 1);
  CHECK(desk.ask(What::list_files, "")["data"].size() == 1);
}

TEST_CASE("a file that a batch needs is not deleted before the batch is over") {
  Desk desk;
  const auto id = desk.batch(inputs(1));
  const std::string file = desk.status(id)["input_file_id"];
  CHECK(desk.ask(What::delete_file, file, "team", 400)["code"] == "file_in_use");
  desk.answer(kGood);
  CHECK(desk.ask(What::delete_file, file)["deleted"] == true);
  desk.ask(What::show_file, file, "team", 404);
}

TEST_CASE("files and batches go when their time is over") {
  Desk desk;
  const auto id = desk.batch(inputs(1));
  desk.answer(kGood);
  desk.pass(desk.batches.keep - 61s);
  CHECK(desk.ask(What::list_files, "")["data"].size() == 2);
  desk.pass(122s);
  CHECK(desk.ask(What::list_files, "")["data"].empty());
  desk.ask(What::show_batch, id, "team", 404);
  CHECK(std::filesystem::is_empty(desk.folder.path() / "files"));
  CHECK(std::filesystem::is_empty(desk.folder.path() / "batches"));
}

TEST_CASE("an upload is bounded, and what does not become whole leaves nothing behind") {
  Desk desk;
  desk.batches.max_file = 10;
  desk.office->configure(desk.batches);
  const auto name = desk.office->begin_upload();
  REQUIRE(desk.office->append(*name, "0123456789"));
  const auto more = desk.office->append(*name, "x");
  REQUIRE_FALSE(more);
  CHECK(more.error().fault == Fault::caller_too_large);
  CHECK_FALSE(desk.office->append(*name, "x"));
  CHECK(std::filesystem::is_empty(desk.folder.path() / "incoming"));
  const auto other = desk.office->begin_upload();
  REQUIRE(desk.office->append(*other, "x"));
  desk.crash();
  CHECK(std::filesystem::is_empty(desk.folder.path() / "incoming"));
}

TEST_CASE("so many uploads at once, and no more") {
  Desk desk;
  for (std::size_t i = 0; i < kMostUploads; ++i) REQUIRE(desk.office->begin_upload());
  const auto more = desk.office->begin_upload();
  REQUIRE_FALSE(more);
  CHECK(more.error().code == "too_many_uploads");
}

TEST_CASE("batches take turns, and a node that drains starts nothing") {
  Desk desk;
  desk.batches.concurrency = 1;
  desk.office->configure(desk.batches);
  const auto first = desk.batch(inputs(4)), second = desk.batch(inputs(4));
  REQUIRE(desk.asked.size() == 2);
  CHECK(desk.asked[0].batch != desk.asked[1].batch);
  desk.office->set_draining(true);
  desk.answer(kGood);
  CHECK(desk.asked.empty());
  CHECK(desk.status(first)["request_counts"]["completed"] == 1);
  CHECK(desk.status(second)["request_counts"]["completed"] == 1);
}

TEST_CASE("a long file is read part by part") {
  Desk desk;
  const std::string text(kPart + 5, 'x');
  const auto file = desk.upload(text);
  CHECK(desk.text_of(file.id).size() == kPart);
  CHECK(desk.text_of(file.id, kPart) == "xxxxx");
  CHECK(desk.text_of(file.id, kPart + 5).empty());
}

}  // namespace
}  // namespace troupe::batch::testing
