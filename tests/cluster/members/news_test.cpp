#include "cluster/members/news.hpp"

#include <string>

#include "tests/support/catch.hpp"

using troupe::members::News;

TEST_CASE("an item is told a number of times that grows with the logarithm of the cluster") {
  CHECK(News<int>::tellings(0) == 3);
  CHECK(News<int>::tellings(1) == 3);
  CHECK(News<int>::tellings(50) == 18);
  CHECK(News<int>::tellings(1000) == 30);
  News<std::string> news;
  news.tell("a", 1);
  for (int time = 0; time < 3; ++time) CHECK(news.take(8) == std::vector<std::string>{"a"});
  CHECK(news.empty());
}

TEST_CASE("what was told least goes first when a message is full") {
  News<int> news;
  news.tell(1, 1);
  news.tell(2, 1);
  CHECK(news.take(1) == std::vector<int>{1});
  CHECK(news.take(1) == std::vector<int>{2});
  news.tell(3, 1);
  CHECK(news.take(2) == std::vector<int>{3, 1});
}

TEST_CASE("a new change of an item is told from the start") {
  News<int> news;
  news.tell(1, 1);
  news.take(1);
  news.take(1);
  news.tell(1, 1);
  for (int time = 0; time < 3; ++time) CHECK_FALSE(news.take(1).empty());
  CHECK(news.empty());
}
