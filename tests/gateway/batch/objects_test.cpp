#include "gateway/batch/objects.hpp"

#include "tests/support/catch.hpp"

namespace troupe::batch {
namespace {

Batch example() {
  Batch out;
  out.id = "batch_6e_1";
  out.endpoint = "/v1/embeddings";
  out.input_file_id = "file-1";
  out.completion_window = "24h";
  out.owner = {"team", "prod"};
  out.metadata = {{"b", "1"}, {"a", "2"}};
  out.counts = {9, 4, 1};
  out.created_at = 100;
  out.expires_at = 200;
  return out;
}

TEST_CASE("a batch is shown in OpenAI's shape, without its owner") {
  auto batch = example();
  batch.errors.push_back({"invalid_json_line", "no", "", 3});
  batch.become(Status::failed, 150);
  const auto json = shown(batch);
  CHECK(json["object"] == "batch");
  CHECK(json["status"] == "failed");
  CHECK(json["failed_at"] == 150);
  CHECK(json["completed_at"].is_null());
  CHECK(json["output_file_id"].is_null());
  CHECK(json["request_counts"].dump() == R"({"total":9,"completed":4,"failed":1})");
  CHECK(json["errors"].dump() ==
        R"({"object":"list","data":[{"code":"invalid_json_line","message":"no","param":null,"line":3}]})");
  CHECK(json["metadata"].dump() == R"({"b":"1","a":"2"})");
  CHECK_FALSE(json.contains("tenant"));
  CHECK_FALSE(json.contains("key"));
}

TEST_CASE("a batch comes back from the disk as it was") {
  auto batch = example();
  batch.become(Status::in_progress, 110);
  batch.become(Status::finalizing, 120);
  batch.output_file_id = "file-2";
  batch.ran_out = true;
  batch.errors.push_back({"c", "m", "p", 0});
  const auto back = read_batch(Json::parse(kept(batch).dump()));
  REQUIRE(back);
  CHECK(kept(*back) == kept(batch));
  CHECK(back->owner.tenant == "team");
  CHECK(back->owner.key == "prod");
  CHECK(back->ran_out);
}

TEST_CASE("a file comes back from the disk as it was") {
  const File file{"file-1", "in.jsonl", "batch", {"team", "prod"}, 77, 5, 9};
  const auto back = read_file(Json::parse(kept(file).dump()));
  REQUIRE(back);
  CHECK(kept(*back) == kept(file));
  CHECK(shown(*back)["bytes"] == 77);
  CHECK_FALSE(shown(*back).contains("tenant"));
  CHECK_FALSE(read_batch(kept(file)));
  CHECK_FALSE(read_file(kept(example())));
  CHECK_FALSE(read_file(Json::parse("[1]")));
}

TEST_CASE("nothing happens to a batch that is over") {
  auto batch = example();
  batch.become(Status::cancelling, 110);
  batch.become(Status::cancelled, 120);
  batch.become(Status::completed, 130);
  CHECK(batch.status == Status::cancelled);
  CHECK(batch.completed_at == 0);
  CHECK(batch.cancelled_at == 120);
}

}  // namespace
}  // namespace troupe::batch
