# SPDX-License-Identifier: Apache-2.0
# Run by CPack over the staged files of the .deb, before it is packed.
if(CPACK_WEIR_REFUSED)
  message(FATAL_ERROR "${CPACK_WEIR_REFUSED}")
endif()
set(stage ${CPACK_TEMPORARY_DIRECTORY}/program)
set(share ${stage}/usr/share)
set(source ${CPACK_WEIR_SOURCE})
file(COPY ${source}/deploy/systemd/weir.yml DESTINATION ${stage}/etc/weir)
file(COPY ${source}/rules/orders.yml DESTINATION ${stage}/etc/weir/rules)
file(COPY ${source}/deploy/package/copyright DESTINATION ${share}/doc/weir)
if(EXISTS ${source}/build/deps/rdkafka/LICENSES.txt) # linked statically
  configure_file(${source}/build/deps/rdkafka/LICENSES.txt ${share}/doc/weir/librdkafka-licenses.txt COPYONLY)
endif()
configure_file(${source}/deploy/package/lintian-overrides ${share}/lintian/overrides/weir COPYONLY)

# Debian's form of the change log: the version, and where the changes are told.
string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC) # SOURCE_DATE_EPOCH where it is set
file(WRITE ${share}/doc/weir/changelog
"weir (${CPACK_PACKAGE_VERSION}) unstable; urgency=medium

  * Changes are told in CHANGELOG.md of the sources.

 -- ${CPACK_WEIR_CONTACT}  ${date}
")
foreach(file ${share}/doc/weir/changelog ${share}/man/man1/weir.1)
  execute_process(COMMAND gzip -9nf ${file} COMMAND_ERROR_IS_FATAL ANY)
endforeach()

file(GLOB_RECURSE files ${stage}/etc/* ${share}/*)
foreach(file IN LISTS files)
  file(CHMOD ${file} PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
endforeach()
