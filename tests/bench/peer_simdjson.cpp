// SPDX-License-Identifier: Apache-2.0
//
// The limit: loads the file and reads every field of every record by simdjson On-Demand, and judges nothing.
//
//   peer_simdjson FILE
//
// What is fast here was measured, not guessed: On-Demand lookups by name in the order of the file beat iterating over the
// fields (which has to ask each value for its type); batches between 64 KB and 4 MB cost the same, so it is simdjson's own
// 1 MB; a lookup that wraps around is needed because a field may be absent. simdjson's second thread is off: this is what
// one core can do. Its run-time dispatch picks the widest kernel of the processor for finding the structure; compiling the
// rest for that processor was tried too and did not change the time.

#include <simdjson.h>

#include <cstdint>
#include <cstdio>
#include <string_view>

namespace {

namespace ondemand = simdjson::ondemand;

// Everything that was read ends in here and is printed, so that no read can be left out. Null and absent add nothing.
struct Totals {
  size_t records = 0;
  size_t text_bytes = 0;
  int64_t integers = 0;
  double reals = 0;
};

class Reader {
 public:
  Reader(ondemand::object& record, Totals& totals) : record_(record), totals_(totals) {}

  void text(std::string_view key) {
    std::string_view value;
    if (record_.find_field_unordered(key).get_string().get(value) == simdjson::SUCCESS)
      totals_.text_bytes += value.size();
  }
  void integer(std::string_view key) {
    int64_t value;
    if (record_.find_field_unordered(key).get_int64().get(value) == simdjson::SUCCESS) totals_.integers += value;
  }
  void real(std::string_view key) {
    double value;
    if (record_.find_field_unordered(key).get_double().get(value) == simdjson::SUCCESS) totals_.reals += value;
  }

 private:
  ondemand::object& record_;
  Totals& totals_;
};

bool read_all(ondemand::document_stream& documents, Totals& totals) {
  for (auto document : documents) {
    ondemand::object record;
    if (document.get_object().get(record) != simdjson::SUCCESS) return false;
    Reader read(record, totals);
    read.text("order_id");
    read.integer("customer_id");
    read.real("amount");
    read.text("currency");
    read.text("country");
    read.text("status");
    read.text("email");
    read.text("created_at");
    read.integer("qty");
    read.real("weight");
    read.real("score");
    read.text("note");
    ++totals.records;
  }
  return documents.truncated_bytes() == 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return std::fputs("usage: peer_simdjson FILE\n", stderr), 2;
  simdjson::padded_string file;
  ondemand::parser parser;
  parser.threaded = false;
  ondemand::document_stream documents;
  Totals totals;
  if (simdjson::padded_string::load(argv[1]).get(file) != simdjson::SUCCESS ||
      parser.iterate_many(file).get(documents) != simdjson::SUCCESS || !read_all(documents, totals)) {
    std::fprintf(stderr, "peer_simdjson: cannot read %s\n", argv[1]);
    return 3;
  }
  std::printf("records %zu\ntext_bytes %zu\nintegers %lld\nreals %.6f\n", totals.records, totals.text_bytes,
              static_cast<long long>(totals.integers), totals.reals);
}
