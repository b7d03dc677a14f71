# SPDX-License-Identifier: Apache-2.0
# anchorage_add_plugin(ID [LIBS lib...] [FILES file...]) builds plugins/ID into ID.so, without linking the host.
# All .c files of the folder are its sources; sql/, schema/, templates/, forms/ and FILES become tables in
# resources.gen.h (made by plugpack), which plugin.c includes.
function(anchorage_add_plugin id)
  cmake_parse_arguments(P "" "" "LIBS;FILES" ${ARGN})
  set(dir ${CMAKE_CURRENT_SOURCE_DIR}/plugins/${id})
  file(GLOB sources CONFIGURE_DEPENDS ${dir}/*.c)
  list(FILTER sources EXCLUDE REGEX "/plugin\\.c$")
  file(GLOB resources CONFIGURE_DEPENDS ${dir}/sql/*.sql ${dir}/schema/*.sql ${dir}/templates/*.html ${dir}/forms/*.form)
  set(gen ${CMAKE_BINARY_DIR}/gen/plugins/${id})
  file(MAKE_DIRECTORY ${gen})
  add_custom_command(OUTPUT ${gen}/resources.gen.h
    COMMAND plugpack ${gen}/resources.gen.h ${dir} ${resources} ${P_FILES}
    DEPENDS plugpack ${resources} ${P_FILES} COMMENT "Resources of ${id}")
  # The logic is a library of its own, so that its tests link it without any host.
  add_library(${id}_logic STATIC ${sources})
  target_include_directories(${id}_logic PUBLIC ${dir} ${CMAKE_SOURCE_DIR}/core/include)
  target_link_libraries(${id}_logic PUBLIC ${P_LIBS})
  if(NOT EXISTS ${dir}/plugin.c)
    return()
  endif()
  add_library(${id} MODULE ${dir}/plugin.c ${gen}/resources.gen.h)
  target_include_directories(${id} PRIVATE ${gen})
  target_link_libraries(${id} PRIVATE ${id}_logic)
  target_link_options(${id} PRIVATE -Wl,-z,nodelete)
  if(NOT ANCHORAGE_SANITIZE AND NOT ANCHORAGE_FUZZ)
    target_link_options(${id} PRIVATE -Wl,--no-undefined)
  endif()
  set_target_properties(${id} PROPERTIES PREFIX "" LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/plugins)
  install(TARGETS ${id} LIBRARY DESTINATION lib/anchorage/plugins)
endfunction()
