"""One official Python SDK does five things through the node, and tells in JSON what came: LIBRARY API MODEL."""
import json
import sys

PARAMETERS = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"], "additionalProperties": False}
PLACE = {"type": "object", "properties": {"city": {"type": "string"}, "degrees": {"type": "integer"}},
         "required": ["city", "degrees"], "additionalProperties": False}
ABOUT = "The weather in a city"


class OpenAi:
    def __init__(self, api, model):
        import openai
        self.errors, self.model = openai.APIStatusError, model
        self.client = openai.OpenAI(base_url=api + "/v1", api_key="any", max_retries=0)

    def ask(self, messages, **more):
        if isinstance(messages, str):
            messages = [{"role": "user", "content": messages}]
        return self.client.chat.completions.create(model=self.model, messages=messages, **more)

    def plain(self, prompt):
        answer = self.ask(prompt)
        return answer.choices[0].message.content, [answer.usage.prompt_tokens, answer.usage.completion_tokens]

    def stream(self, prompt):
        pieces, usage = [], None
        for chunk in self.ask(prompt, stream=True, stream_options={"include_usage": True}):
            pieces += [choice.delta.content for choice in chunk.choices if choice.delta.content]
            usage = [chunk.usage.prompt_tokens, chunk.usage.completion_tokens] if chunk.usage else usage
        return pieces, usage

    def tool(self, prompt):
        tools = [{"type": "function", "function": {"name": "get_weather", "description": ABOUT, "parameters": PARAMETERS}}]
        message = self.ask(prompt, tools=tools).choices[0].message
        call = message.tool_calls[0]
        told = {"role": "tool", "tool_call_id": call.id, "content": "sunny in " + json.loads(call.function.arguments)["city"]}
        history = [{"role": "user", "content": prompt}, message.model_dump(exclude_none=True), told]
        return self.ask(history, tools=tools).choices[0].message.content

    def structured(self, prompt):
        form = {"type": "json_schema", "json_schema": {"name": "place", "strict": True, "schema": PLACE}}
        return json.loads(self.ask(prompt, response_format=form).choices[0].message.content)


class Anthropic:
    def __init__(self, api, model):
        import anthropic
        self.errors, self.model = anthropic.APIStatusError, model
        self.client = anthropic.Anthropic(base_url=api, api_key="any", max_retries=0)

    def wish(self, messages, **more):
        if isinstance(messages, str):
            messages = [{"role": "user", "content": messages}]
        return {"model": self.model, "max_tokens": 100, "messages": messages, **more}

    def plain(self, prompt):
        answer = self.client.messages.create(**self.wish(prompt))
        return answer.content[0].text, [answer.usage.input_tokens, answer.usage.output_tokens]

    def stream(self, prompt):
        with self.client.messages.stream(**self.wish(prompt)) as stream:
            pieces = list(stream.text_stream)
            usage = stream.get_final_message().usage
        return pieces, [usage.input_tokens, usage.output_tokens]

    def tool(self, prompt):
        tools = [{"name": "get_weather", "description": ABOUT, "input_schema": PARAMETERS}]
        answer = self.client.messages.create(**self.wish(prompt, tools=tools))
        call = next(part for part in answer.content if part.type == "tool_use")
        told = {"type": "tool_result", "tool_use_id": call.id, "content": "sunny in " + call.input["city"]}
        history = [{"role": "user", "content": prompt},
                   {"role": "assistant", "content": [part.model_dump(exclude_none=True) for part in answer.content]},
                   {"role": "user", "content": [told]}]
        return self.client.messages.create(**self.wish(history, tools=tools)).content[0].text

    def structured(self, prompt):
        tool = {"name": "place", "description": "A place", "input_schema": PLACE}
        choice = {"type": "tool", "name": "place"}
        answer = self.client.messages.create(**self.wish(prompt, tools=[tool], tool_choice=choice))
        return next(part for part in answer.content if part.type == "tool_use").input


def failure(it, prompt):
    try:
        it.plain(prompt)
    except it.errors as error:
        return {"status": error.status_code, "message": str(error)}
    return {"status": 200, "message": "no error"}


def main():
    library, api, model = sys.argv[1:]
    it = {"openai": OpenAi, "anthropic": Anthropic}[library](api, model)
    print(json.dumps({"plain": it.plain("hi"), "stream": it.stream("hi"), "tool": it.tool("What is the weather in Paris?"),
                      "structured": it.structured("Which city?"), "forbidden": failure(it, "forbidden"),
                      "hurry": failure(it, "hurry")}))


main()
