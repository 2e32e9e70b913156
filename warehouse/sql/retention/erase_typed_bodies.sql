-- Makes some versions anew of what isn't typed: ids, status, times, choices. Whatever else the platform sent with a
-- response goes: contact fields, custom values, links, the IP address. A text that was no JSON stays none.
update raw.responses
set body = without.body, body_md5 = md5_number(without.body)
from (
    select
        received_no,
        case
            when response is null then '(erased)'
            else cast(to_json(struct_update(
                response,
                id := response_id,
                pages := list_transform(response.pages, lambda page: struct_update(
                    page,
                    questions := list_transform(page.questions, lambda question: struct_update(
                        question,
                        answers := list_transform(question.answers, lambda answer: struct_update(
                            answer,
                            text := case
                                when regexp_matches(answer.text, '[^\p{Z}\p{Cc}\p{Cf}]') then '(erased)'
                                else answer.text
                            end
                        ))
                    ))
                ))
            )) as varchar)
        end as body
    from (
        select
            received_no,
            response_id,
            try(from_json(
                body,
                '{
                    "id": "VARCHAR",
                    "survey_id": "VARCHAR",
                    "collector_id": "VARCHAR",
                    "response_status": "VARCHAR",
                    "collection_mode": "VARCHAR",
                    "date_created": "VARCHAR",
                    "date_modified": "VARCHAR",
                    "total_time": "VARCHAR",
                    "pages": [{
                        "id": "VARCHAR",
                        "questions": [{
                            "id": "VARCHAR",
                            "answers": [{
                                "choice_id": "VARCHAR",
                                "row_id": "VARCHAR",
                                "col_id": "VARCHAR",
                                "other_id": "VARCHAR",
                                "text": "VARCHAR",
                                "content_type": "VARCHAR"
                            }]
                        }]
                    }]
                }'
            )) as response
        from raw.responses
        where survey_id = $survey_id and received_no > $after and received_no <= $upto
    ) as parsed
) as without
where raw.responses.received_no = without.received_no
    and raw.responses.received_no > $after and raw.responses.received_no <= $upto
