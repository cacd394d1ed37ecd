// SPDX-License-Identifier: Apache-2.0
// What librdkafka hands out and wants back, each owned by one pointer.
#pragma once

#include <librdkafka/rdkafka.h>

#include <memory>

namespace weir::kafka {

struct GiveBack {
  void operator()(rd_kafka_conf_t* conf) const noexcept { rd_kafka_conf_destroy(conf); }
  void operator()(rd_kafka_topic_t* topic) const noexcept { rd_kafka_topic_destroy(topic); }
  void operator()(rd_kafka_topic_partition_list_t* list) const noexcept { rd_kafka_topic_partition_list_destroy(list); }
  void operator()(rd_kafka_queue_t* queue) const noexcept { rd_kafka_queue_destroy(queue); }
  void operator()(rd_kafka_error_t* error) const noexcept { rd_kafka_error_destroy(error); }
  void operator()(rd_kafka_event_t* event) const noexcept { rd_kafka_event_destroy(event); }
  void operator()(rd_kafka_headers_t* headers) const noexcept { rd_kafka_headers_destroy(headers); }
  void operator()(rd_kafka_AdminOptions_t* options) const noexcept { rd_kafka_AdminOptions_destroy(options); }
  void operator()(rd_kafka_NewTopic_t* topic) const noexcept { rd_kafka_NewTopic_destroy(topic); }
  void operator()(rd_kafka_ConfigResource_t* resource) const noexcept { rd_kafka_ConfigResource_destroy(resource); }
#if RD_KAFKA_VERSION >= 0x020300ff
  void operator()(rd_kafka_TopicCollection_t* topics) const noexcept {
    rd_kafka_TopicCollection_destroy(topics);
  }
#endif
  void operator()(const rd_kafka_metadata_t* metadata) const noexcept {
    rd_kafka_metadata_destroy(metadata);
  }
  void operator()(rd_kafka_consumer_group_metadata_t* group) const noexcept {
    rd_kafka_consumer_group_metadata_destroy(group);
  }
};

template <class T>
using Owned = std::unique_ptr<T, GiveBack>;

}  // namespace weir::kafka
